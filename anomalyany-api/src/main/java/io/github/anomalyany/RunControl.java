// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How a caller follows and stops a run.
 *
 * @param listener hears of each step and image, on the thread of the run
 * @param token stops the run when cancelled
 * @param timeout time from the call after which the run is cancelled, more than 0; empty for none
 */
public record RunControl(GenerationListener listener, CancellationToken token, Optional<Duration> timeout) {
    /**
     * Checks the values.
     *
     * @param listener hears of each step and image, on the thread of the run
     * @param token stops the run when cancelled
     * @param timeout time from the call after which the run is cancelled, more than 0; empty for none
     * @throws IllegalArgumentException if the timeout is out of range
     */
    public RunControl {
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(token, "token");
        timeout.ifPresent(RunControl::checkPositive);
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
        return new RunControl(listener, new CancellationToken(), Optional.empty());
    }

    /**
     * The same with another token.
     *
     * @param token stops the run when cancelled
     * @return a new control
     */
    public RunControl withToken(CancellationToken token) {
        return new RunControl(listener, token, timeout);
    }

    /**
     * The same with a timeout. It takes effect between two blocks of a network, as a token does.
     *
     * @param timeout time from the call, more than 0
     * @return a new control
     * @throws IllegalArgumentException if it is out of range
     */
    public RunControl withTimeout(Duration timeout) {
        return new RunControl(listener, token, Optional.of(timeout));
    }

    /**
     * Who asks a run to end: an interrupt of this thread (whose flag stays set), the token, or the timeout. For generators, which
     * ask on the thread of the run.
     *
     * @param elapsed time since the call
     * @return words for the message, as {@code "its token"}; empty where the run goes on
     */
    public Optional<String> stoppedBy(Duration elapsed) {
        if (Thread.currentThread().isInterrupted()) {
            return Optional.of("an interrupt");
        }
        if (token.isCancelled()) {
            return Optional.of("its token");
        }
        return timeout.filter(limit -> elapsed.compareTo(limit) >= 0).map(limit -> "its timeout of " + limit);
    }

    private static void checkPositive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be more than 0 but was " + timeout);
        }
    }
}
