// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.Objects;

/**
 * When prompt-guided refinement happens and what it moves (AnomalyAny 4.3): in the last steps of a run the image loss moves
 * the latents, and the prompt's embedding moves towards that of the description.
 *
 * @param share share of the run's steps, the last ones, that refine, in (0, 1]
 * @param target what CLIP looks at
 * @param decoder what decodes it
 * @param movesPrompt whether τ ← τ − ∇(L_prompt + L_img), with L_prompt = 1 − mean over positions of
 *     cos(τ(prompt), τ(description)) (eq. 12 and 13)
 */
public record PromptRefinement(double share, RefinementTarget target, RefinementDecoder decoder, boolean movesPrompt) {
    /**
     * Checks the values.
     *
     * @param share share of the run's steps, the last ones, that refine, in (0, 1]
     * @param target what CLIP looks at
     * @param decoder what decodes it
     * @param movesPrompt whether the prompt's embedding moves
     * @throws IllegalArgumentException if the share is out of range
     */
    public PromptRefinement {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share must be in (0, 1] but was " + share);
        }
        Objects.requireNonNull(target, "target");
        Objects.requireNonNull(decoder, "decoder");
    }

    /**
     * The paper's: the last 30 % of the steps, the noisy latents, the model's own decoder, the prompt moves.
     *
     * @return the refinement
     */
    public static PromptRefinement standard() {
        return new PromptRefinement(0.3, RefinementTarget.LATENT, RefinementDecoder.FULL_VAE, true);
    }

    /**
     * The same with another target.
     *
     * @param target what CLIP looks at
     * @return a new refinement
     */
    public PromptRefinement withTarget(RefinementTarget target) {
        return new PromptRefinement(share, target, decoder, movesPrompt);
    }

    /**
     * The same with another decoder.
     *
     * @param decoder what decodes for CLIP
     * @return a new refinement
     */
    public PromptRefinement withDecoder(RefinementDecoder decoder) {
        return new PromptRefinement(share, target, decoder, movesPrompt);
    }
}
