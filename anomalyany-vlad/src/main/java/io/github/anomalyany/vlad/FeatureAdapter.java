// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/**
 * Takes patch tokens and class tokens to the space that they share with texts (spec §3.1–3.2). The detector normalises what
 * comes out. Implementations are immutable and safe for many threads.
 *
 * @see LinearAdapters
 */
public interface FeatureAdapter {
    /**
     * What an adapter has to fit.
     *
     * @param stages stages read from the backbone
     * @param tokenWidth width of a patch token
     * @param sharedWidth width of the space that texts and pictures share
     */
    record Shape(int stages, int tokenWidth, int sharedWidth) {}

    /**
     * One line for provenance; equal for adapters that do the same.
     *
     * @return as {@code "linear(4×1024→768, 3f2a…)"}
     */
    String description();

    /**
     * What the adapter fits.
     *
     * @return its shape
     */
    Shape shape();

    /**
     * Adapts patch tokens of one stage.
     *
     * @param stage index of the stage, from 0
     * @param tokens rows of {@code tokenWidth}; not to be changed
     * @param count number of rows
     * @return rows of {@code sharedWidth}, as many, finite
     */
    float[] patches(int stage, float[] tokens, int count);

    /**
     * Adapts pictures' embeddings.
     *
     * @param embeddings rows of {@code sharedWidth}; not to be changed
     * @param count number of rows
     * @return rows of {@code sharedWidth}, as many, finite
     */
    float[] images(float[] embeddings, int count);

    /**
     * Whether the adapter was trained; untrained ones keep banks of tokens as they are.
     *
     * @return true if so
     */
    default boolean isTrained() {
        return true;
    }
}
