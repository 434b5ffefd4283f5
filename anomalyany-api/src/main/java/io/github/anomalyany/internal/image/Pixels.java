// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

/** 8-bit RGB pixels on their way between a file and an image; who receives them owns the array. */
public final class Pixels {
    /** Most pixels of a picture: what fits a Java array three times over, with room to spare. */
    public static final int MAX_COUNT = 1 << 29;

    private final int width;
    private final int height;
    private final byte[] rgb;

    Pixels(int width, int height) {
        this.width = width;
        this.height = height;
        rgb = new byte[3 * width * height];
    }

    /** Columns. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** Red, green, blue row by row; not a copy. */
    public byte[] rgb() {
        return rgb;
    }

    void set(int x, int y, int red, int green, int blue) {
        int at = 3 * (y * width + x);
        rgb[at] = (byte) red;
        rgb[at + 1] = (byte) green;
        rgb[at + 2] = (byte) blue;
    }
}
