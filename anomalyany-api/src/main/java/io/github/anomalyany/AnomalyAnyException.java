// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** Anything this library throws beyond misuse of a method: the one type to catch. */
public class AnomalyAnyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public AnomalyAnyException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public AnomalyAnyException(String message, Throwable cause) {
        super(message, cause);
    }
}
