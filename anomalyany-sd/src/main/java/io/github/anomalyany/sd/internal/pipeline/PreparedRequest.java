// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.strategy.AttentionMaps;
import java.util.List;

/**
 * What all samples of a request share: the working frame, the encoder's view of the normal picture, the encoded prompts, the
 * attention's grid. Arrays are read, never changed.
 *
 * @param normalMean latents of the normal picture, [C, h, w], as the network takes them
 * @param normalDeviation their standard deviation by the encoder
 * @param text embeddings of the negative prompt and the prompt, [2, positions, width]
 * @param descriptionText embeddings of the negative prompt and the description, likewise; empty where nothing refines
 * @param descriptionClip CLIP's embedding of the description; empty where nothing looks
 * @param normalClip CLIP's embedding of the normal picture; empty where nothing asks for a margin
 */
@SuppressWarnings("ArrayRecordComponent") // shared data, never compared
record PreparedRequest(
        WorkingFrame frame,
        float[] normalMean,
        float[] normalDeviation,
        float[] text,
        float[] descriptionText,
        int positions,
        List<AttentionMaps.Word> words,
        int gridRows,
        int gridColumns,
        float[] descriptionClip,
        float[] normalClip) {

    /** Width of the prompts' embeddings. */
    int textWidth() {
        return text.length / (2 * positions);
    }

    /** Attention [positions][row][column] with the words and a region. */
    AttentionMaps maps(float[] attention, TargetRegion region) {
        return new AttentionMaps(positions, gridRows, gridColumns, attention, words, region.grid());
    }
}
