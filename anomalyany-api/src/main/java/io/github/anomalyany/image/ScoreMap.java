// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import java.io.Serializable;
import java.util.Arrays;

/** A number for each pixel of a picture. Immutable, equal by content, safe to share between threads. */
public final class ScoreMap implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Columns. */
    private final int width;
    /** Rows. */
    private final int height;
    /** Values row by row. */
    private final float[] values;

    private ScoreMap(int width, int height, float[] values) {
        this.width = width;
        this.height = height;
        this.values = values;
    }

    /**
     * Makes a map.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param values row by row, copied
     * @return the map
     */
    public static ScoreMap of(int width, int height, float[] values) {
        return new ScoreMap(width, height, values.clone());
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
     * All values.
     *
     * @return row by row; a copy
     */
    public float[] toArray() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ScoreMap that
                && width == that.width
                && height == that.height
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(values);
    }
}
