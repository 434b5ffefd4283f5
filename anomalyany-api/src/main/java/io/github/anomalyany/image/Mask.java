// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import java.io.Serializable;
import java.util.BitSet;

/** Which pixels of a picture are meant. Immutable, equal by content, safe to share between threads. */
public final class Mask implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Columns. */
    private final int width;
    /** Rows. */
    private final int height;
    /** Pixels row by row. */
    private final BitSet set;

    private Mask(int width, int height, BitSet set) {
        this.width = width;
        this.height = height;
        this.set = set;
    }

    /**
     * Makes a mask.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param pixels row by row, copied
     * @return the mask
     */
    public static Mask of(int width, int height, boolean[] pixels) {
        var set = new BitSet(pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            set.set(i, pixels[i]);
        }
        return new Mask(width, height, set);
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
     * Whether a pixel is meant.
     *
     * @param x column
     * @param y row
     * @return true if so
     */
    public boolean contains(int x, int y) {
        return set.get(y * width + x);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that && width == that.width && height == that.height && set.equals(that.set);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + set.hashCode();
    }

    /**
     * Whether no pixel is meant.
     *
     * @return true if so
     */
    public boolean isEmpty() {
        return set.isEmpty();
    }
}
