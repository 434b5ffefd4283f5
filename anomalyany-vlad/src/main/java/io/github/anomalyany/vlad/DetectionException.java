// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.AnomalyAnyException;

/** Looking at a picture, or training, failed inside the engine or in a strategy. */
public class DetectionException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what failed and what may help
     */
    public DetectionException(String message) {
        super(message);
    }

    /**
     * Creates an exception with a cause.
     *
     * @param message what failed and what may help
     * @param cause what went wrong below
     */
    public DetectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
