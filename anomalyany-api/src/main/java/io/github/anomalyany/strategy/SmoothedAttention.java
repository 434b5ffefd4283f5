// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * Attention made comparable between words: for each position of the prompt but the first and the last, the softmax over
 * positions of 100 times the attention, then a 3×3 Gaussian over the grid with reflected borders (Attend-and-Excite;
 * AnomalyAny eq. 3). Knows its own way back, so that a loss over it needs no more than its own gradient.
 */
public final class SmoothedAttention {
    private static final double SHARPNESS = 100;
    /** exp(−((x−1)/2σ)²) with σ = 0.5, normalised over the nine cells. */
    private static final double[] KERNEL = kernel(Math.exp(-1));

    private final int positions;
    private final int rows;
    private final int columns;
    /** Softmax over positions: [position − 1][cell]. */
    private final double[] shares;

    private final float[] smoothed;

    private SmoothedAttention(int positions, int rows, int columns, double[] shares) {
        this.positions = positions;
        this.rows = rows;
        this.columns = columns;
        this.shares = shares;
        this.smoothed = new float[shares.length];
        int cells = rows * columns;
        for (int p = 0; p < positions - 2; p++) {
            smooth(p * cells);
        }
    }

    /**
     * Smooths attention.
     *
     * @param maps the attention
     * @return its smoothed form
     */
    public static SmoothedAttention of(AttentionMaps maps) {
        int cells = maps.rows() * maps.columns();
        int inner = maps.positions() - 2;
        float[] values = maps.values();
        var shares = new double[inner * cells];
        for (int cell = 0; cell < cells; cell++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int p = 0; p < inner; p++) {
                largest = Math.max(largest, SHARPNESS * values[(p + 1) * cells + cell]);
            }
            double sum = 0;
            for (int p = 0; p < inner; p++) {
                double e = Math.exp(SHARPNESS * values[(p + 1) * cells + cell] - largest);
                shares[p * cells + cell] = e;
                sum += e;
            }
            for (int p = 0; p < inner; p++) {
                shares[p * cells + cell] /= sum;
            }
        }
        return new SmoothedAttention(maps.positions(), maps.rows(), maps.columns(), shares);
    }

    private static double[] kernel(double edge) {
        double sum = 1 + 4 * edge + 4 * edge * edge;
        return new double[] {1 / sum, edge / sum, edge * edge / sum};
    }

    private void smooth(int offset) {
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double sum = 0;
                for (int dr = -1; dr <= 1; dr++) {
                    int r = offset + reflect(row + dr, rows) * columns;
                    for (int dc = -1; dc <= 1; dc++) {
                        sum += KERNEL[Math.abs(dr) + Math.abs(dc)] * shares[r + reflect(column + dc, columns)];
                    }
                }
                smoothed[offset + row * columns + column] = (float) sum;
            }
        }
    }

    /** Borders are mirrored at the border cell, which isn't repeated; a grid of one row or column mirrors onto itself. */
    private static int reflect(int i, int length) {
        if (length == 1) {
            return 0;
        }
        return i < 0 ? -i : i >= length ? 2 * length - 2 - i : i;
    }

    /**
     * The smoothed map of one position.
     *
     * @param position from 1 to positions − 2
     * @return [row][column], 0 to 1; a copy
     * @throws IllegalArgumentException if the position is that of the start or the last one
     */
    public float[] map(int position) {
        if (position < 1 || position > positions - 2) {
            throw new IllegalArgumentException(
                    "position must be in [1, %d] but was %d".formatted(positions - 2, position));
        }
        int cells = rows * columns;
        return java.util.Arrays.copyOfRange(smoothed, (position - 1) * cells, position * cells);
    }

    /**
     * The smoothed map of a word: the mean over its pieces.
     *
     * @param word a word to be drawn
     * @return [row][column], 0 to 1; a new array
     */
    public float[] map(AttentionMaps.Word word) {
        int cells = rows * columns;
        var mean = new float[cells];
        int pieces = word.positions().size();
        for (int position : word.positions()) {
            float[] map = map(position);
            for (int i = 0; i < cells; i++) {
                mean[i] += map[i] / pieces;
            }
        }
        return mean;
    }

    /**
     * Carries a gradient with respect to a word's smoothed map back to the attention.
     *
     * @param word a word to be drawn
     * @param gradient with respect to {@link #map(AttentionMaps.Word)}, [row][column]
     * @return with respect to {@link AttentionMaps#values()}
     */
    public float[] gradient(AttentionMaps.Word word, float[] gradient) {
        int cells = rows * columns;
        double[] spread = unsmooth(gradient);
        var perPosition = new double[positions - 2];
        int pieces = word.positions().size();
        for (int position : word.positions()) {
            perPosition[position - 1] += 1.0 / pieces;
        }
        var result = new float[positions * cells];
        for (int cell = 0; cell < cells; cell++) {
            double common = 0;
            for (int p = 0; p < perPosition.length; p++) {
                common += perPosition[p] * spread[cell] * shares[p * cells + cell];
            }
            for (int p = 0; p < perPosition.length; p++) {
                double share = shares[p * cells + cell];
                result[(p + 1) * cells + cell] = (float) (SHARPNESS * share * (perPosition[p] * spread[cell] - common));
            }
        }
        return result;
    }

    private double[] unsmooth(float[] gradient) {
        var spread = new double[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double g = gradient[row * columns + column];
                for (int dr = -1; g != 0 && dr <= 1; dr++) {
                    int r = reflect(row + dr, rows) * columns;
                    for (int dc = -1; dc <= 1; dc++) {
                        spread[r + reflect(column + dc, columns)] += KERNEL[Math.abs(dr) + Math.abs(dc)] * g;
                    }
                }
            }
        }
        return spread;
    }
}
