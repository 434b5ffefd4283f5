// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

/**
 * Gaussian smoothing as {@code scipy.ndimage.gaussian_filter} with mode "reflect" (the edge sample is repeated) and a kernel
 * cut at four standard deviations.
 */
public final class GaussianFilter {
    private static final double TRUNCATE = 4;

    private GaussianFilter() {}

    /**
     * Smooths a plane.
     *
     * @param plane row by row; not changed
     * @param width columns
     * @param height rows
     * @param sigma standard deviation in pixels, 0 (no smoothing) to 1000
     * @return the smoothed plane; a new array
     * @throws IllegalArgumentException if sigma or the length of the plane doesn't fit
     */
    public static float[] apply(float[] plane, int width, int height, double sigma) {
        if (!(sigma >= 0 && sigma <= 1000)) {
            throw new IllegalArgumentException("sigma must be in [0, 1000] but was " + sigma);
        }
        if (plane.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "plane must have %d·%d values but had %d".formatted(width, height, plane.length));
        }
        if (sigma == 0) {
            return plane.clone();
        }
        double[] kernel = kernel(sigma);
        float[] down = correlate(plane, kernel, height, width, width, 1);
        return correlate(down, kernel, width, 1, height, width);
    }

    /** The half kernel, centre first. */
    private static double[] kernel(double sigma) {
        double[] kernel = new double[(int) (TRUNCATE * sigma + 0.5) + 1];
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] = StrictMath.exp(-0.5 * i * i / (sigma * sigma));
            sum += i == 0 ? kernel[i] : 2 * kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        return kernel;
    }

    /** Smooths {@code lines} lines of {@code length} samples that lie {@code stride} apart. */
    private static float[] correlate(
            float[] values, double[] kernel, int length, int stride, int lines, int lineStride) {
        float[] smoothed = new float[values.length];
        int radius = kernel.length - 1;
        double[] padded = new double[length + 2 * radius];
        for (int line = 0; line < lines; line++) {
            int start = line * lineStride;
            for (int i = 0; i < padded.length; i++) {
                padded[i] = values[start + reflected(i - radius, length) * stride];
            }
            for (int i = 0; i < length; i++) {
                int centre = i + radius;
                double sum = kernel[0] * padded[centre];
                for (int k = 1; k <= radius; k++) {
                    sum += kernel[k] * (padded[centre - k] + padded[centre + k]);
                }
                smoothed[start + i * stride] = (float) sum;
            }
        }
        return smoothed;
    }

    /** d c b a | a b c d | d c b a, repeated without end. */
    private static int reflected(int i, int length) {
        int folded = Math.floorMod(i, 2 * length);
        return folded < length ? folded : 2 * length - 1 - folded;
    }
}
