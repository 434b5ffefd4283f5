// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Resizes planes of floats as {@code torch.nn.functional.interpolate} does with {@code align_corners=False} and without
 * anti-aliasing, with the vector-Jacobian products. One instance serves one pair of sizes, any number of planes and any
 * number of threads.
 */
public final class Interpolation {
    private static final double CUBIC = -0.75;

    private final Axis columns;
    private final Axis rows;

    private Interpolation(Axis columns, Axis rows) {
        this.columns = columns;
        this.rows = rows;
    }

    /**
     * Two taps an axis.
     *
     * @param width columns of the input
     * @param height rows of the input
     * @param toWidth columns of the output
     * @param toHeight rows of the output
     * @return the interpolation
     */
    public static Interpolation bilinear(int width, int height, int toWidth, int toHeight) {
        return new Interpolation(Axis.linear(width, toWidth), Axis.linear(height, toHeight));
    }

    /**
     * Four taps an axis, a = −¾.
     *
     * @param width columns of the input
     * @param height rows of the input
     * @param toWidth columns of the output
     * @param toHeight rows of the output
     * @return the interpolation
     */
    public static Interpolation bicubic(int width, int height, int toWidth, int toHeight) {
        return new Interpolation(Axis.cubic(width, toWidth), Axis.cubic(height, toHeight));
    }

    /**
     * The mean of the input cells that an output cell touches.
     *
     * @param width columns of the input
     * @param height rows of the input
     * @param toWidth columns of the output
     * @param toHeight rows of the output
     * @return the interpolation
     */
    public static Interpolation area(int width, int height, int toWidth, int toHeight) {
        return new Interpolation(Axis.area(width, toWidth), Axis.area(height, toHeight));
    }

    /**
     * Any two operators.
     *
     * @param columns weights of the input columns for each output column
     * @param rows weights of the input rows for each output row
     * @return the interpolation
     */
    public static Interpolation of(double[][] columns, double[][] rows) {
        return new Interpolation(Axis.of(columns), Axis.of(rows));
    }

    /**
     * Resizes planes.
     *
     * @param planes one plane after the other, rows of the input's width
     * @return the resized planes
     * @throws IllegalArgumentException if the length is no multiple of the input's size
     */
    public float[] apply(float[] planes) {
        int count = count(planes, columns.from * rows.from);
        float[] resized = new float[count * columns.to * rows.to];
        double[] between = new double[columns.to * rows.from];
        for (int p = 0; p < count; p++) {
            Arrays.fill(between, 0);
            for (int y = 0; y < rows.from; y++) {
                int in = (p * rows.from + y) * columns.from;
                for (int x = 0; x < columns.to; x++) {
                    between[y * columns.to + x] = columns.gather(planes, in, x);
                }
            }
            for (int y = 0; y < rows.to; y++) {
                for (int x = 0; x < columns.to; x++) {
                    resized[(p * rows.to + y) * columns.to + x] = (float) rows.gather(between, x, columns.to, y);
                }
            }
        }
        return resized;
    }

    /**
     * The vector-Jacobian product: what a gradient with respect to the output is with respect to the input.
     *
     * @param gradient one plane after the other, rows of the output's width
     * @return planes of the input's size
     * @throws IllegalArgumentException if the length is no multiple of the output's size
     */
    public float[] gradient(float[] gradient) {
        int count = count(gradient, columns.to * rows.to);
        float[] result = new float[count * columns.from * rows.from];
        for (int p = 0; p < count; p++) {
            double[] between = new double[columns.to * rows.from];
            for (int y = 0; y < rows.to; y++) {
                for (int x = 0; x < columns.to; x++) {
                    double value = gradient[(p * rows.to + y) * columns.to + x];
                    rows.scatter(value, y, between, x, columns.to);
                }
            }
            double[] plane = new double[columns.from * rows.from];
            for (int y = 0; y < rows.from; y++) {
                for (int x = 0; x < columns.to; x++) {
                    columns.scatter(between[y * columns.to + x], x, plane, y * columns.from, 1);
                }
            }
            for (int i = 0; i < plane.length; i++) {
                result[p * plane.length + i] = (float) plane[i];
            }
        }
        return result;
    }

    private static int count(float[] planes, int size) {
        if (planes.length % size != 0) {
            throw new IllegalArgumentException(
                    "planes must have a multiple of %d values but had %d".formatted(size, planes.length));
        }
        return planes.length / size;
    }

    /** One axis: for each output position the input positions and their weights. */
    private static final class Axis {
        final int from;
        final int to;
        final int[][] at;
        final double[][] weight;

        private Axis(int from, int to) {
            if (from < 1 || to < 1) {
                throw new IllegalArgumentException("sides must be at least 1 but were " + from + " and " + to);
            }
            this.from = from;
            this.to = to;
            at = new int[to][];
            weight = new double[to][];
        }

        static Axis of(double[][] matrix) {
            var axis = new Axis(matrix[0].length, matrix.length);
            for (int i = 0; i < axis.to; i++) {
                double[] row = matrix[i];
                axis.at[i] =
                        IntStream.range(0, axis.from).filter(j -> row[j] != 0).toArray();
                axis.weight[i] =
                        Arrays.stream(axis.at[i]).mapToDouble(j -> row[j]).toArray();
            }
            return axis;
        }

        static Axis linear(int from, int to) {
            var axis = new Axis(from, to);
            for (int i = 0; i < to; i++) {
                float source = Math.max(0, axis.source(i));
                int left = Math.min((int) source, from - 1);
                double share = source - left;
                axis.at[i] = new int[] {left, Math.min(left + 1, from - 1)};
                axis.weight[i] = new double[] {1 - share, share};
            }
            return axis;
        }

        static Axis cubic(int from, int to) {
            var axis = new Axis(from, to);
            for (int i = 0; i < to; i++) {
                float source = axis.source(i);
                int left = (int) Math.floor(source);
                double share = source - left;
                axis.at[i] = new int[4];
                for (int k = 0; k < 4; k++) {
                    axis.at[i][k] = Math.min(from - 1, Math.max(0, left - 1 + k));
                }
                axis.weight[i] = new double[] {outer(share + 1), inner(share), inner(1 - share), outer(2 - share)};
            }
            return axis;
        }

        static Axis area(int from, int to) {
            var axis = new Axis(from, to);
            for (int i = 0; i < to; i++) {
                int start = (int) ((long) i * from / to);
                int end = (int) (((i + 1L) * from + to - 1) / to);
                axis.at[i] = new int[end - start];
                Arrays.setAll(axis.at[i], k -> start + k);
                axis.weight[i] = new double[end - start];
                Arrays.fill(axis.weight[i], 1.0 / (end - start));
            }
            return axis;
        }

        /** Where an output position lies in the input, in single precision as torch computes it. */
        private float source(int i) {
            float scale = (float) from / to;
            return (i + 0.5f) * scale - 0.5f;
        }

        private static double inner(double x) {
            return ((CUBIC + 2) * x - (CUBIC + 3)) * x * x + 1;
        }

        private static double outer(double x) {
            return ((CUBIC * x - 5 * CUBIC) * x + 8 * CUBIC) * x - 4 * CUBIC;
        }

        double gather(float[] values, int offset, int i) {
            double sum = 0;
            for (int k = 0; k < at[i].length; k++) {
                sum += weight[i][k] * values[offset + at[i][k]];
            }
            return sum;
        }

        double gather(double[] values, int offset, int stride, int i) {
            double sum = 0;
            for (int k = 0; k < at[i].length; k++) {
                sum += weight[i][k] * values[offset + stride * at[i][k]];
            }
            return sum;
        }

        void scatter(double value, int i, double[] sums, int offset, int stride) {
            for (int k = 0; k < at[i].length; k++) {
                sums[offset + stride * at[i][k]] += weight[i][k] * value;
            }
        }
    }
}
