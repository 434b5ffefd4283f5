// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

/**
 * Otsu's threshold as {@code skimage.filters.threshold_otsu}: the value that splits the samples into the two classes with the
 * largest variance between them. Foreground is what lies strictly above it.
 */
public final class Otsu {
    private static final int FLOAT_BINS = 256;
    private static final int MAX_LEVELS = 1 << 16;

    private Otsu() {}

    /**
     * The threshold of whole numbers, one bin for each.
     *
     * @param values at least one; the largest less than 65,536 above the smallest
     * @return a value between the smallest and the largest; of several equally good ones the lowest; of a constant its value
     * @throws IllegalArgumentException if there are no values or their range is too large
     */
    public static int threshold(int[] values) {
        checkNotEmpty(values.length);
        int least = Integer.MAX_VALUE;
        int most = Integer.MIN_VALUE;
        for (int value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        long levels = (long) most - least + 1;
        if (levels > MAX_LEVELS) {
            throw new IllegalArgumentException(
                    "values must span at most %d levels but span %d".formatted(MAX_LEVELS, levels));
        }
        long[] counts = new long[(int) levels];
        for (int value : values) {
            counts[value - least]++;
        }
        double[] centres = new double[counts.length];
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (double) least + i;
        }
        return least + split(counts, centres);
    }

    /**
     * The threshold of numbers, with 256 bins from the smallest to the largest.
     *
     * @param values at least one, finite
     * @return the centre of a bin; of several equally good ones the lowest; of a constant its value
     * @throws IllegalArgumentException if there are no values or one isn't finite
     */
    public static float threshold(float[] values) {
        checkNotEmpty(values.length);
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("values must be finite but one was " + value);
            }
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        if (least == most) {
            return least;
        }
        float[] edges = edges(least, most);
        long[] counts = new long[FLOAT_BINS];
        for (float value : values) {
            counts[bin(value, edges)]++;
        }
        double[] centres = new double[FLOAT_BINS];
        for (int i = 0; i < FLOAT_BINS; i++) {
            centres[i] = (edges[i] + edges[i + 1]) / 2;
        }
        return (float) centres[split(counts, centres)];
    }

    private static void checkNotEmpty(int length) {
        if (length == 0) {
            throw new IllegalArgumentException("values must not be empty");
        }
    }

    /** In single precision, as NumPy's histogram of single-precision numbers. */
    private static float[] edges(float least, float most) {
        float width = (most - least) / FLOAT_BINS;
        float[] edges = new float[FLOAT_BINS + 1];
        for (int i = 0; i < FLOAT_BINS; i++) {
            edges[i] = i * width + least;
        }
        edges[FLOAT_BINS] = most;
        return edges;
    }

    private static int bin(float value, float[] edges) {
        double share = ((double) value - edges[0]) / ((double) edges[FLOAT_BINS] - edges[0]);
        int bin = Math.min(FLOAT_BINS - 1, (int) (share * FLOAT_BINS));
        while (bin > 0 && value < edges[bin]) {
            bin--;
        }
        while (bin < FLOAT_BINS - 1 && value >= edges[bin + 1]) {
            bin++;
        }
        return bin;
    }

    /** Index of the bin after which the variance between the classes is largest; 0 when there is one bin only. */
    private static int split(long[] counts, double[] centres) {
        double all = 0;
        double allWeighted = 0;
        for (int i = 0; i < counts.length; i++) {
            all += counts[i];
            allWeighted += counts[i] * centres[i];
        }
        double below = 0;
        double belowWeighted = 0;
        int best = 0;
        double bestVariance = -1;
        for (int i = 0; i < counts.length - 1; i++) {
            below += counts[i];
            belowWeighted += counts[i] * centres[i];
            double above = all - below;
            double difference = belowWeighted / below - (allWeighted - belowWeighted) / above;
            double variance = below * above * difference * difference;
            if (variance > bestVariance) {
                bestVariance = variance;
                best = i;
            }
        }
        return best;
    }
}
