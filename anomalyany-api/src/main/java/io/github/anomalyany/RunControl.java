// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.util.Objects;

/**
 * How a caller follows and stops a run.
 *
 * @param listener hears of each step and image, on the thread of the run
 * @param token stops the run when cancelled
 */
public record RunControl(GenerationListener listener, CancellationToken token) {
    /**
     * Checks for nulls.
     *
     * @param listener hears of each step and image, on the thread of the run
     * @param token stops the run when cancelled
     */
    public RunControl {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(token, "token");
    }

    /**
     * Nobody listens, nobody cancels.
     *
     * @return a new control
     */
    public static RunControl none() {
        return listeningTo(new GenerationListener() {});
    }

    /**
     * Somebody listens, nobody cancels.
     *
     * @param listener hears of each step and image
     * @return a new control
     */
    public static RunControl listeningTo(GenerationListener listener) {
        return new RunControl(listener, new CancellationToken());
    }
}
