// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** The tensor engine can't run here: native libraries missing, of another version, or no such device. */
public final class EngineUnavailableException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public EngineUnavailableException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public EngineUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
