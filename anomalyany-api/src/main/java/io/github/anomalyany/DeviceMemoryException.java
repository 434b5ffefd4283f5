// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** The device ran out of memory; the message names the setting that lowers the need. */
public final class DeviceMemoryException extends GenerationException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public DeviceMemoryException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public DeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
