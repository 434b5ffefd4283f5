// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/**
 * Asks a run to stop. Any thread may cancel; a run looks between any two blocks of a network and then throws
 * {@link GenerationCancelledException}. One token may serve several runs.
 */
public final class CancellationToken {
    private volatile boolean cancelled;

    /** Creates a token that isn't cancelled. */
    public CancellationToken() {}

    /** Asks the runs that hold this token to stop. There is no way back. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Whether {@link #cancel()} was called.
     *
     * @return true once it was
     */
    public boolean isCancelled() {
        return cancelled;
    }
}
