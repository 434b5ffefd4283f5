// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import io.github.anomalyany.internal.image.Interpolation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/** A finite number for each pixel of a picture. Immutable, equal by content, safe to share between threads. */
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
     * @param values row by row, finite, copied
     * @return the map
     * @throws IllegalArgumentException if a side is below 1, there are more than {@link RgbImage#MAX_PIXELS} pixels, the
     *     number of values doesn't fit, or one isn't finite
     */
    public static ScoreMap of(int width, int height, float[] values) {
        Objects.requireNonNull(values, "values");
        ImageArguments.checkSize(width, height);
        ImageArguments.checkLength("values", values.length, width, height);
        float[] copy = values.clone();
        for (int i = 0; i < copy.length; i++) {
            if (!Float.isFinite(copy[i])) {
                throw new IllegalArgumentException(
                        "values must be finite but (%d, %d) was %s".formatted(i % width, i / width, copy[i]));
            }
        }
        return new ScoreMap(width, height, copy);
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
     * One value.
     *
     * @param x column
     * @param y row
     * @return the value
     * @throws IndexOutOfBoundsException if the pixel is outside the map
     */
    public float value(int x, int y) {
        ImageArguments.checkPixel(x, y, width, height);
        return values[y * width + x];
    }

    /**
     * The largest value.
     *
     * @return a finite number
     */
    public float max() {
        float max = values[0];
        for (float value : values) {
            max = Math.max(max, value);
        }
        return max;
    }

    /**
     * All values.
     *
     * @return row by row; a copy
     */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * Resizes the map with bilinear interpolation, as PyTorch does without aligned corners.
     *
     * @param toWidth columns wanted, at least 1
     * @param toHeight rows wanted, at least 1
     * @return the resized map
     * @throws IllegalArgumentException if a side is below 1 or there would be too many pixels
     */
    public ScoreMap resizeBilinear(int toWidth, int toHeight) {
        ImageArguments.checkSize(toWidth, toHeight);
        float[] resized =
                Interpolation.bilinear(width, height, toWidth, toHeight).apply(values);
        return new ScoreMap(toWidth, toHeight, resized);
    }

    /**
     * Shows the map in grey.
     *
     * @return a picture, black at 0 and below, white at 1 and above
     */
    public RgbImage toImage() {
        byte[] rgb = new byte[3 * values.length];
        for (int i = 0; i < values.length; i++) {
            byte grey = (byte) Math.round(255 * Math.min(1, Math.max(0, values[i])));
            rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = grey;
        }
        return RgbImage.of(width, height, rgb);
    }

    /**
     * The pixels with high values.
     *
     * @param threshold any number
     * @return set where the value is strictly above the threshold
     * @throws IllegalArgumentException if the threshold isn't a number
     */
    public Mask threshold(float threshold) {
        if (Float.isNaN(threshold)) {
            throw new IllegalArgumentException("threshold must be a number but was NaN");
        }
        boolean[] above = new boolean[values.length];
        for (int i = 0; i < above.length; i++) {
            above[i] = values[i] > threshold;
        }
        return Mask.of(width, height, above);
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

    /** Size only, as {@code ScoreMap[256×192]}. */
    @Override
    public String toString() {
        return "ScoreMap[" + width + "×" + height + "]";
    }
}
