// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * The procedure that the released AnomalyAny code follows in the place of the papers' optimisation: at every step ten passes
 * that each move the latents by −2s·∇L and the embeddings of both prompts by −s·∇(L + L_prompt), with
 * L = imageWeight·L_img + attentionWeight·(i/N)·L_att and s = max(1e-4, 0.02 − 1e-4·i) at step i of N; no region, neither in
 * the loss nor in the update. At the first step, if the attention stays below a threshold, six large updates follow. The
 * image loss counts in the steps i above 0.7·N. The cosine of L_prompt runs over positions, not over channels.
 *
 * @param passes passes at each step, 1 to 1000
 * @param imageWeight factor of the image loss
 * @param attentionWeight factor of the attention loss at the last step
 * @param scaleFactor λ of the large updates: five by λ·√(r/10), one by λ·√r; more than 0
 * @param scale r at the first step, more than 0
 * @param threshold attention below which the large updates are made, 0 to 1
 */
public record ReleasedGuidance(
        int passes, double imageWeight, double attentionWeight, double scaleFactor, double scale, double threshold) {
    /**
     * Checks the values.
     *
     * @param passes passes at each step, 1 to 1000
     * @param imageWeight factor of the image loss
     * @param attentionWeight factor of the attention loss at the last step
     * @param scaleFactor λ of the large updates, more than 0
     * @param scale r at the first step, more than 0
     * @param threshold attention below which the large updates are made, 0 to 1
     * @throws IllegalArgumentException if a value is out of range
     */
    public ReleasedGuidance {
        if (passes < 1 || passes > 1000) {
            throw new IllegalArgumentException("passes must be in [1, 1000] but was " + passes);
        }
        if (!(imageWeight >= 0 && attentionWeight >= 0 && imageWeight + attentionWeight < 1e6)) {
            throw new IllegalArgumentException("imageWeight and attentionWeight must be at least 0 but were "
                    + imageWeight + " and " + attentionWeight);
        }
        if (!(scaleFactor > 0 && scale > 0 && scaleFactor * scale < 1e6)) {
            throw new IllegalArgumentException(
                    "scaleFactor and scale must be more than 0 but were " + scaleFactor + " and " + scale);
        }
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold must be in [0, 1] but was " + threshold);
        }
    }

    /**
     * The released code's numbers.
     *
     * @return ten passes, weights 0.1 and 0.5, λ = 50, r = 1, threshold 0.05
     */
    public static ReleasedGuidance standard() {
        return new ReleasedGuidance(10, 0.1, 0.5, 50, 1, 0.05);
    }
}
