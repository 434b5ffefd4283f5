// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request failed and may succeed when repeated. */
final class RetriableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Duration wait;

    RetriableException(String message) {
        super(message);
        wait = null;
    }

    RetriableException(String message, Throwable cause) {
        super(message, cause);
        wait = null;
    }

    /**
     * Creates the exception.
     *
     * @param wait how long the server wants to be left alone
     */
    RetriableException(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait.orElse(null);
    }

    Optional<Duration> waitWanted() {
        return Optional.ofNullable(wait);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
