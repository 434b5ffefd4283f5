// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.List;
import java.util.Objects;

/**
 * Cross-attention as a loss sees it: for each cell of the coarsest cross-attention grid, how the network distributes its
 * attention over the positions of the prompt; mean over heads and tapped layers of the conditional branch. The arrays
 * belong to the engine and are valid during one evaluation only.
 */
public final class AttentionMaps {
    /**
     * A word to be drawn.
     *
     * @param text the word
     * @param positions its pieces' positions in the prompt, each from 1 to positions − 2
     */
    public record Word(String text, List<Integer> positions) {
        /**
         * Copies the list.
         *
         * @param text the word
         * @param positions its pieces' positions in the prompt, each from 1 to positions − 2
         */
        public Word {
            positions = List.copyOf(positions);
        }
    }

    private final int positions;
    private final int rows;
    private final int columns;
    private final float[] values;
    private final List<Word> words;
    private final float[] region;

    /**
     * Creates maps.
     *
     * @param positions positions of the prompt, 77 for CLIP
     * @param rows rows of the grid
     * @param columns columns of the grid
     * @param values probabilities [position][row][column]; not copied
     * @param words the words to be drawn, at least one
     * @param region share of each cell that lies in the region, [row][column], 0 to 1; not copied
     */
    public AttentionMaps(int positions, int rows, int columns, float[] values, List<Word> words, float[] region) {
        if (values.length != positions * rows * columns) {
            throw new IllegalArgumentException(
                    "values must have %d·%d·%d numbers but had %d".formatted(positions, rows, columns, values.length));
        }
        if (region.length != rows * columns) {
            throw new IllegalArgumentException(
                    "region must have %d·%d numbers but had %d".formatted(rows, columns, region.length));
        }
        this.positions = positions;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.words = List.copyOf(words);
        this.region = Objects.requireNonNull(region, "region");
    }

    /**
     * Positions of the prompt, start and end included.
     *
     * @return 77 for CLIP
     */
    public int positions() {
        return positions;
    }

    /**
     * Rows of the grid.
     *
     * @return 16 for Stable Diffusion 1.5 at 512 pixels
     */
    public int rows() {
        return rows;
    }

    /**
     * Columns of the grid.
     *
     * @return 16 for Stable Diffusion 1.5 at 512 pixels
     */
    public int columns() {
        return columns;
    }

    /**
     * The probabilities.
     *
     * @return [position][row][column], summing to 1 over positions; not a copy
     */
    public float[] values() {
        return values;
    }

    /**
     * The words to be drawn.
     *
     * @return at least one
     */
    public List<Word> words() {
        return words;
    }

    /**
     * The region at the grid's size.
     *
     * @return [row][column], 0 to 1; not a copy
     */
    public float[] region() {
        return region;
    }
}
