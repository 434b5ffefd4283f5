// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.strategy.AttentionMaps;
import java.util.List;

/**
 * What all samples of a request share: the working frame, the latents of the normal picture, the encoded prompts, the
 * region at each size. Arrays are read, never changed.
 */
@SuppressWarnings("ArrayRecordComponent") // shared data, never compared
record PreparedRequest(
        WorkingFrame frame,
        float[] normalLatents,
        float[] text,
        int positions,
        List<AttentionMaps.Word> words,
        float[] latentRegion,
        int gridRows,
        int gridColumns,
        float[] gridRegion,
        float[] description) {

    /** The prompt's embeddings, without those of the negative prompt: [1, positions, width]. */
    float[] conditionalText() {
        int half = text.length / 2;
        var conditional = new float[half];
        System.arraycopy(text, half, conditional, 0, half);
        return conditional;
    }

    /** Attention [positions][row][column] with the words and the region. */
    AttentionMaps maps(float[] attention) {
        return new AttentionMaps(positions, gridRows, gridColumns, attention, words, gridRegion);
    }

    /** latents ← latents − step·gradient ⊙ region. */
    void moveInRegion(float[] latents, float[] gradient, double step) {
        for (int i = 0; i < latents.length; i++) {
            latents[i] -= (float) (step * gradient[i] * latentRegion[i % latentRegion.length]);
        }
    }
}
