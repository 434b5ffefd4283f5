// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** No implementation is on the class path, or several are and none was chosen. */
public final class ProviderNotFoundException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public ProviderNotFoundException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public ProviderNotFoundException(String message, Throwable cause) {
        super(message, cause);
    }
}
