// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.util.function.DoubleUnaryOperator;

/**
 * Resizes 8-bit pictures as Pillow 13 does, bit by bit: two passes with an 8-bit picture in between, filters as wide as the
 * reduction asks, coefficients as integers with 22 fraction bits.
 */
public final class PillowResampler {
    private static final int FRACTION_BITS = 22;

    /** A triangle over two samples. */
    public static final PillowResampler BILINEAR = new PillowResampler(1, x -> Math.max(0, 1 - Math.abs(x)));

    /** Keys' cubic convolution with a = −½. */
    public static final PillowResampler BICUBIC = new PillowResampler(2, PillowResampler::bicubic);

    /** Sinc windowed by a sinc three times as wide. */
    public static final PillowResampler LANCZOS = new PillowResampler(3, PillowResampler::lanczos);

    private final double support;
    private final DoubleUnaryOperator filter;

    private PillowResampler(double support, DoubleUnaryOperator filter) {
        this.support = support;
        this.filter = filter;
    }

    /**
     * Resizes a picture.
     *
     * @param pixels interleaved channels, row by row; not changed
     * @param channels bytes a pixel
     * @param width columns
     * @param height rows
     * @param toWidth columns wanted
     * @param toHeight rows wanted
     * @return the resized picture; a new array
     */
    public byte[] resize(byte[] pixels, int channels, int width, int height, int toWidth, int toHeight) {
        // Pillow's rule for the order of the passes; the picture in between is rounded, so that the order shows
        boolean verticalFirst = toHeight < height && (long) height - toHeight > 2 * ((long) width - toWidth);
        if (verticalFirst) {
            byte[] between = resizeRows(pixels, channels * width, height, toHeight);
            return resizeColumns(between, channels, width, toWidth, toHeight);
        }
        byte[] between = resizeColumns(pixels, channels, width, toWidth, height);
        return resizeRows(between, channels * toWidth, height, toHeight);
    }

    private byte[] resizeColumns(byte[] pixels, int channels, int width, int toWidth, int height) {
        if (width == toWidth) {
            return pixels.clone();
        }
        var taps = new Taps(width, toWidth);
        byte[] resized = new byte[channels * toWidth * height];
        for (int y = 0, at = 0; y < height; y++) {
            int row = y * width * channels;
            for (int x = 0; x < toWidth; x++) {
                int first = row + taps.first[x] * channels;
                for (int c = 0; c < channels; c++) {
                    resized[at++] = weighted(pixels, first + c, channels, taps.weights[x]);
                }
            }
        }
        return resized;
    }

    private byte[] resizeRows(byte[] pixels, int rowBytes, int height, int toHeight) {
        if (height == toHeight) {
            return pixels.clone();
        }
        var taps = new Taps(height, toHeight);
        byte[] resized = new byte[rowBytes * toHeight];
        for (int y = 0, at = 0; y < toHeight; y++) {
            int first = taps.first[y] * rowBytes;
            for (int i = 0; i < rowBytes; i++) {
                resized[at++] = weighted(pixels, first + i, rowBytes, taps.weights[y]);
            }
        }
        return resized;
    }

    private static byte weighted(byte[] pixels, int from, int stride, int[] weights) {
        int sum = 1 << (FRACTION_BITS - 1);
        for (int k = 0, at = from; k < weights.length; k++, at += stride) {
            sum += (pixels[at] & 0xff) * weights[k];
        }
        return (byte) Math.min(255, Math.max(0, sum >> FRACTION_BITS));
    }

    /** Which samples each new sample is made of, and with which weights. */
    private final class Taps {
        final int[] first;
        final int[][] weights;

        Taps(int from, int to) {
            first = new int[to];
            weights = new int[to][];
            double scale = (double) from / to;
            double stretch = Math.max(scale, 1);
            double reach = support * stretch;
            for (int i = 0; i < to; i++) {
                double centre = (i + 0.5) * scale;
                first[i] = (int) Math.max(0, centre - reach + 0.5);
                int end = (int) Math.min(from, centre + reach + 0.5);
                weights[i] = fixedPoint(evaluate(first[i], end, centre, stretch));
            }
        }

        private double[] evaluate(int start, int end, double centre, double stretch) {
            double[] values = new double[end - start];
            double sum = 0;
            for (int k = 0; k < values.length; k++) {
                values[k] = filter.applyAsDouble((start + k - centre + 0.5) * (1 / stretch));
                sum += values[k];
            }
            for (int k = 0; k < values.length; k++) {
                values[k] /= sum;
            }
            return values;
        }

        private static int[] fixedPoint(double[] values) {
            int[] fixed = new int[values.length];
            for (int k = 0; k < fixed.length; k++) {
                double scaled = values[k] * (1 << FRACTION_BITS);
                fixed[k] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5); // half away from zero
            }
            return fixed;
        }
    }

    private static double bicubic(double position) {
        double a = -0.5;
        double x = Math.abs(position);
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double lanczos(double x) {
        return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }

    private static double sinc(double x) {
        if (x == 0) {
            return 1;
        }
        double angle = x * Math.PI;
        return StrictMath.sin(angle) / angle;
    }
}
