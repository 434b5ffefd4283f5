// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

/**
 * A rectangle of pixels.
 *
 * @param x left column
 * @param y top row
 * @param width columns, at least 1
 * @param height rows, at least 1
 */
public record Region(int x, int y, int width, int height) {
    /**
     * Checks the sides.
     *
     * @param x left column
     * @param y top row
     * @param width columns, at least 1
     * @param height rows, at least 1
     */
    public Region {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("width and height must be at least 1 but were " + width + "×" + height);
        }
    }
}
