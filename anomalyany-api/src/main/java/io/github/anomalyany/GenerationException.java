// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** A run failed after its request was accepted. */
public class GenerationException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public GenerationException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public GenerationException(String message, Throwable cause) {
        super(message, cause);
    }
}
