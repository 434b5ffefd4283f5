// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Adds up what the threads of a download have, and tells the listener, one call at a time. */
final class TransferProgress {
    private static final long STEP = 1 << 20;

    private final DownloadListener listener;
    private final Map<String, Long> present = new HashMap<>();
    private final Map<String, Long> told = new HashMap<>();
    private long size;
    private long bytes;

    TransferProgress(DownloadListener listener) {
        this.listener = listener;
    }

    /**
     * The transfer begins.
     *
     * @param start what there is to do
     * @param partial bytes of files that an earlier transfer left
     */
    synchronized void starting(DownloadListener.Start start, Map<String, Long> partial) {
        size = start.bytes();
        bytes = start.bytes() - start.missing();
        present.putAll(partial);
        told.putAll(partial);
        listener.onStart(start);
    }

    /** A file has some bytes; fewer than before where it was begun again. */
    synchronized void has(HubFile file, long has) {
        bytes += has - present.getOrDefault(file.path(), 0L);
        present.put(file.path(), has);
        long grown = has - told.getOrDefault(file.path(), 0L);
        if (grown < 0) {
            told.put(file.path(), has);
        } else if (grown > 0 && (has == file.size() || grown >= STEP)) {
            told.put(file.path(), has);
            listener.onProgress(new DownloadListener.Progress(file.path(), has, file.size(), bytes, size));
        }
    }

    synchronized void retrying(DownloadListener.Retry retry) {
        listener.onRetry(retry);
    }

    synchronized void waiting(Path lock) {
        listener.onWait(lock);
    }
}
