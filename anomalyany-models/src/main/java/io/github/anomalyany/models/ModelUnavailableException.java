// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import io.github.anomalyany.AnomalyAnyException;

/**
 * A model isn't there or can't be had. The message tells what is missing, where it was looked for and what to run. Folders
 * that are there but damaged are {@link io.github.anomalyany.ModelLoadException}s of those who load them.
 */
public final class ModelUnavailableException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what is missing, where it was looked for and the remedy
     */
    public ModelUnavailableException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what is missing, where it was looked for and the remedy
     * @param cause what it followed from
     */
    public ModelUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
