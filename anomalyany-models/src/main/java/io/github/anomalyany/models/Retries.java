// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Repeats what failed, after waits that double and are spread at random, so that many clients don't come back at once.
 *
 * @param retries further tries after the first
 * @param pause waits
 */
record Retries(int retries, Pause pause) {
    private static final long FIRST_MILLIS = 1000;
    private static final long MAX_MILLIS = 30_000;
    /** A server may want more; so long the caller isn't kept waiting. */
    private static final Duration MAX_WANTED = Duration.ofSeconds(60);

    /** Something that may fail. */
    @FunctionalInterface
    interface Try<T> {
        /**
         * Does it.
         *
         * @return the result
         * @throws RetriableException if it failed and may succeed when repeated
         * @throws InterruptedException if the thread is interrupted
         */
        T run() throws RetriableException, InterruptedException;
    }

    /**
     * Does something until it succeeds or has failed often enough.
     *
     * @param what what is done, for messages
     * @param work the work
     * @param progress hears of failures
     * @throws ModelUnavailableException if it failed too often
     */
    <T> T run(String what, Try<T> work, TransferProgress progress) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return work.run();
            } catch (RetriableException e) {
                if (failures > retries) {
                    throw new ModelUnavailableException(
                            "%s can't be fetched, after %d %s: %s. What has arrived is kept, so a later call goes on from there"
                                    .formatted(what, failures, failures == 1 ? "try" : "tries", e.reason()),
                            e);
                }
                var wait = e.waitWanted()
                        .map(wanted -> wanted.compareTo(MAX_WANTED) > 0 ? MAX_WANTED : wanted)
                        .orElse(backOff(failures));
                progress.retrying(new DownloadListener.Retry(what, failures, e.reason(), wait));
                pause.of(wait);
            }
        }
    }

    private static Duration backOff(int failures) {
        long most = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(failures - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
    }
}
