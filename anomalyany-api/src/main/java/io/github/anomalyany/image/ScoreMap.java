// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import io.github.anomalyany.internal.image.HeatColors;
import io.github.anomalyany.internal.image.Interpolation;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/** A finite number for each pixel of a picture. Immutable, equal by content, safe to share between threads. */
public final class ScoreMap implements Serializable {
    private static final long serialVersionUID = 1L;
    /** How far the last colour covers a photo. */
    private static final double MOST_COVER = 0.85;

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
     * Lays the values over a photo. Up to {@code low} the photo shows as it is; from there to {@code high} colours go from
     * dark violet over red to light yellow and cover the photo in proportion, up to 85 %. Name fixed limits, not those of
     * one map: else good parts look as bad as broken ones.
     *
     * @param photo a picture of this map's size
     * @param low value that isn't shown
     * @param high value that gets the last colour, above {@code low}
     * @return a picture of the same size
     * @throws IllegalArgumentException if the sizes differ or the limits aren't in order
     */
    public RgbImage overlay(RgbImage photo, double low, double high) {
        if (photo.width() != width || photo.height() != height) {
            throw new IllegalArgumentException("the photo must be %d×%d as the map is, but was %d×%d"
                    .formatted(width, height, photo.width(), photo.height()));
        }
        if (!(low < high) || Double.isInfinite(high - low)) {
            throw new IllegalArgumentException("low must be below high but they were %s and %s".formatted(low, high));
        }
        byte[] rgb = photo.toBytes();
        for (int i = 0; i < values.length; i++) {
            double share = Math.max(0, Math.min(1, (values[i] - low) / (high - low)));
            int color = HeatColors.rgb((float) share);
            for (int channel = 0; channel < 3; channel++) {
                int over = color >> (16 - 8 * channel) & 0xff;
                int under = rgb[3 * i + channel] & 0xff;
                rgb[3 * i + channel] = (byte) Math.round(under + MOST_COVER * share * (over - under));
            }
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
