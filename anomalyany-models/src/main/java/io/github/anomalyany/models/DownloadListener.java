// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Hears how a download goes. Called on the threads of the download, one call at a time, so a slow listener slows the
 * download. What a listener throws ends the download and reaches the caller; what has arrived is kept. New methods will
 * have empty defaults.
 */
public interface DownloadListener {
    /**
     * Another process is downloading the same repository; this one waits.
     *
     * @param lock the file whose lock it waits for
     */
    default void onWait(Path lock) {}

    /**
     * The files are known and the transfer begins.
     *
     * @param start what there is to do
     */
    default void onStart(Start start) {}

    /**
     * Some more of a file has arrived: at least a mebibyte, or its end.
     *
     * @param progress how far it is
     */
    default void onProgress(Progress progress) {}

    /**
     * A request failed and will be repeated.
     *
     * @param retry what failed
     */
    default void onRetry(Retry retry) {}

    /**
     * All files are in the cache and were checked.
     *
     * @param directory the model's folder
     */
    default void onDone(Path directory) {}

    /**
     * What there is to do.
     *
     * @param model the model
     * @param commit the revision's commit, 40 hexadecimal digits
     * @param files files of the model, those in the cache too
     * @param bytes size of all of these
     * @param missing bytes that aren't in the cache yet
     */
    record Start(HubModel model, String commit, int files, long bytes, long missing) {}

    /**
     * How far a download is.
     *
     * @param file the file that grew, as its path in the repository
     * @param fileBytes bytes of it that are here
     * @param fileSize its size in bytes
     * @param bytes bytes of all files that are here; less than before where a file had to be begun again
     * @param size size of all files in bytes
     */
    record Progress(String file, long fileBytes, long fileSize, long bytes, long size) {}

    /**
     * What failed and will be repeated.
     *
     * @param what the file's path in the repository, or what else was asked for
     * @param failures how often it has failed, from 1
     * @param reason why, in words
     * @param pause the time until the next try
     */
    record Retry(String what, int failures, String reason, Duration pause) {}
}
