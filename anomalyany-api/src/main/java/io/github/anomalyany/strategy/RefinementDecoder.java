// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** Which decoder shows CLIP the picture in prompt-guided refinement. The final picture always comes from the model's own. */
public enum RefinementDecoder {
    /** The model's own. */
    FULL_VAE,
    /** A small AutoencoderTiny beside the model; without one, the request is refused. */
    AUTOENCODER_TINY,
    /** The small one where there is one, else the model's own. */
    AUTOENCODER_TINY_IF_PRESENT
}
