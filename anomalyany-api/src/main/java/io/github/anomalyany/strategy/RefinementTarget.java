// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** Which latents CLIP looks at, decoded, in prompt-guided refinement. */
public enum RefinementTarget {
    /** The noisy latents z_t, as AnomalyAny has it (eq. 10). The image loss then says nothing about the prompt's embedding. */
    LATENT,
    /**
     * The clean latents that the network predicts from z_t under the prompt, so that the image loss moves the prompt's
     * embedding too, as AnomalyAny's eq. 13 wants. Takes a whole pass through the network and back.
     */
    PREDICTED_ORIGINAL
}
