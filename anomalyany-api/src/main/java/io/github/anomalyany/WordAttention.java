// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.util.Objects;

/**
 * Where one emphasized word attended in the last step of a run: the smoothed attention (AnomalyAny eq. 3) on the network's
 * coarsest cross-attention grid.
 *
 * @param word the word
 * @param rows rows of the grid
 * @param columns columns of the grid
 * @param values [row][column], 0 to 1; not to be changed
 * @param meanInside mean over the region's cells, each weighted by its share in the region
 * @param meanOutside mean over the other cells, weighted likewise; 0 where there are none
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity; read-only by contract
public record WordAttention(String word, int rows, int columns, float[] values, double meanInside, double meanOutside) {
    /**
     * Checks the sizes and copies the numbers.
     *
     * @param word the word
     * @param rows rows of the grid
     * @param columns columns of the grid
     * @param values [row][column], 0 to 1
     * @param meanInside mean over the region's cells
     * @param meanOutside mean over the other cells
     */
    public WordAttention {
        Objects.requireNonNull(word, "word");
        if (values.length != rows * columns) {
            throw new IllegalArgumentException(
                    "values must have %d·%d numbers but had %d".formatted(rows, columns, values.length));
        }
        values = values.clone();
    }
}
