// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * A loss over CLIP's embedding of the picture in the making, whose gradient moves the latents. Pure: no state between
 * calls, any thread.
 */
public interface ClipRefinement {
    /**
     * One line for provenance.
     *
     * @return as {@code "cosine"}
     */
    String description();

    /**
     * Evaluates the loss.
     *
     * @param image CLIP's projected embedding of the picture, not normalised
     * @param text CLIP's projected embedding of the description, not normalised
     * @param step where the run is
     * @return the loss and its gradient with respect to {@code image}
     */
    LossAndGradient evaluate(float[] image, float[] text, StepInfo step);

    /**
     * 1 − cosine of the picture's and the description's embeddings (AnomalyAny eq. 10).
     *
     * @return the loss, 0 to 2
     */
    static ClipRefinement cosine() {
        return new CosineRefinement();
    }
}
