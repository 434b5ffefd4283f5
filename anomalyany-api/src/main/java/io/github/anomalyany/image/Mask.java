// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;

/**
 * Which pixels of a picture are meant. Immutable, equal by content, safe to share between threads. In files and pictures a
 * mask is white (255) where it is set and black (0) elsewhere.
 */
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
     * @throws IllegalArgumentException if a side is below 1, there are more than {@link RgbImage#MAX_PIXELS} pixels, or the
     *     number of values doesn't fit
     */
    public static Mask of(int width, int height, boolean[] pixels) {
        Objects.requireNonNull(pixels, "pixels");
        ImageArguments.checkSize(width, height);
        ImageArguments.checkLength("pixels", pixels.length, width, height);
        var set = new BitSet(pixels.length);
        for (int i = 0; i < pixels.length; i++) {
            set.set(i, pixels[i]);
        }
        return new Mask(width, height, set);
    }

    /**
     * The mask that a picture shows.
     *
     * @param image set where a channel is above 127
     * @return the mask, of the picture's size
     */
    public static Mask fromImage(RgbImage image) {
        byte[] rgb = image.toBytes();
        var set = new BitSet(rgb.length / 3);
        for (int i = 0; i < rgb.length; i++) {
            if (rgb[i] < 0) { // unsigned above 127
                set.set(i / 3);
            }
        }
        return new Mask(image.width(), image.height(), set);
    }

    /**
     * A mask with every pixel set.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @return the mask
     * @throws IllegalArgumentException if a side is below 1 or there are too many pixels
     */
    public static Mask full(int width, int height) {
        return empty(width, height).invert();
    }

    /**
     * A mask with no pixel set.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @return the mask
     * @throws IllegalArgumentException if a side is below 1 or there are too many pixels
     */
    public static Mask empty(int width, int height) {
        ImageArguments.checkSize(width, height);
        return new Mask(width, height, new BitSet());
    }

    /**
     * A rectangle.
     *
     * @param width columns of the mask, at least 1
     * @param height rows of the mask, at least 1
     * @param region the rectangle; what lies outside the mask is cut off
     * @return the mask
     * @throws IllegalArgumentException if a side is below 1 or there are too many pixels
     */
    public static Mask rectangle(int width, int height, Region region) {
        ImageArguments.checkSize(width, height);
        int left = clamp(region.x(), width);
        int right = clamp((long) region.x() + region.width(), width);
        int bottom = clamp((long) region.y() + region.height(), height);
        var set = new BitSet(width * height);
        for (int y = clamp(region.y(), height); y < bottom; y++) {
            set.set(y * width + left, y * width + right);
        }
        return new Mask(width, height, set);
    }

    /**
     * An ellipse: the pixels whose centre lies in the ellipse that touches the sides of a rectangle.
     *
     * @param width columns of the mask, at least 1
     * @param height rows of the mask, at least 1
     * @param region the rectangle; what lies outside the mask is cut off
     * @return the mask
     * @throws IllegalArgumentException if a side is below 1 or there are too many pixels
     */
    public static Mask ellipse(int width, int height, Region region) {
        ImageArguments.checkSize(width, height);
        double radiusX = region.width() / 2.0;
        double radiusY = region.height() / 2.0;
        int bottom = clamp((long) region.y() + region.height(), height);
        int right = clamp((long) region.x() + region.width(), width);
        var set = new BitSet(width * height);
        for (int y = clamp(region.y(), height); y < bottom; y++) {
            double dy = (y + 0.5 - region.y() - radiusY) / radiusY;
            for (int x = clamp(region.x(), width); x < right; x++) {
                double dx = (x + 0.5 - region.x() - radiusX) / radiusX;
                set.set(y * width + x, dx * dx + dy * dy <= 1);
            }
        }
        return new Mask(width, height, set);
    }

    private static int clamp(long position, int length) {
        return (int) Math.min(length, Math.max(0, position));
    }

    /**
     * Reads a mask from a PNG or JPEG file.
     *
     * @param file a picture, white where the mask is set
     * @return set where a channel is above 127
     * @throws IOException as {@link RgbImage#read(Path)}
     */
    public static Mask read(Path file) throws IOException {
        return fromImage(RgbImage.read(file));
    }

    /**
     * Writes the mask as PNG, as {@link RgbImage#write(Path)} does.
     *
     * @param file where to; the name must end in {@code .png}
     * @throws IllegalArgumentException if the name ends otherwise
     * @throws IOException if it can't be written
     */
    public void write(Path file) throws IOException {
        toImage().write(file);
    }

    /**
     * Shows the mask.
     *
     * @return a picture, 255 where the mask is set and 0 elsewhere
     */
    public RgbImage toImage() {
        byte[] rgb = new byte[3 * width * height];
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
            rgb[3 * i] = rgb[3 * i + 1] = rgb[3 * i + 2] = (byte) 255;
        }
        return RgbImage.of(width, height, rgb);
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
     * @throws IndexOutOfBoundsException if the pixel is outside the mask
     */
    public boolean contains(int x, int y) {
        ImageArguments.checkPixel(x, y, width, height);
        return set.get(y * width + x);
    }

    /**
     * How many pixels are set.
     *
     * @return 0 to width·height
     */
    public int area() {
        return set.cardinality();
    }

    /**
     * Whether no pixel is set.
     *
     * @return true if none is
     */
    public boolean isEmpty() {
        return set.isEmpty();
    }

    /**
     * The smallest rectangle around the set pixels.
     *
     * @return the rectangle, or nothing if no pixel is set
     */
    public Optional<Region> bounds() {
        if (isEmpty()) {
            return Optional.empty();
        }
        int left = width;
        int right = 0;
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1)) {
            left = Math.min(left, i % width);
            right = Math.max(right, i % width);
        }
        int top = set.nextSetBit(0) / width;
        int bottom = (set.length() - 1) / width;
        return Optional.of(new Region(left, top, right - left + 1, bottom - top + 1));
    }

    /**
     * The pixels that are set in both masks.
     *
     * @param other a mask of the same size
     * @return the intersection
     * @throws IllegalArgumentException if the sizes differ
     */
    public Mask and(Mask other) {
        if (width != other.width || height != other.height) {
            throw new IllegalArgumentException("masks must have the same size but have %d×%d and %d×%d"
                    .formatted(width, height, other.width, other.height));
        }
        var both = (BitSet) set.clone();
        both.and(other.set);
        return new Mask(width, height, both);
    }

    /**
     * The pixels that aren't set.
     *
     * @return the complement
     */
    public Mask invert() {
        var inverse = (BitSet) set.clone();
        inverse.flip(0, width * height);
        return new Mask(width, height, inverse);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Mask that && width == that.width && height == that.height && set.equals(that.set);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + set.hashCode();
    }

    /** Size and area, as {@code Mask[256×192, 34 set]}. */
    @Override
    public String toString() {
        return "Mask[" + width + "×" + height + ", " + area() + " set]";
    }
}
