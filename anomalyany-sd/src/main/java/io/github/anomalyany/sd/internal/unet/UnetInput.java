// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

/**
 * What goes into one pass. The arrays are read, not kept.
 *
 * @param height rows of the latents
 * @param width columns of the latents
 * @param timesteps one for each sample of the batch
 * @param latents [B, C, height, width]
 * @param text [B, positions, width]
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, never compared
public record UnetInput(int height, int width, float[] timesteps, float[] latents, float[] text) {
    /**
     * Number of samples.
     *
     * @return at least 1
     */
    public int batch() {
        return timesteps.length;
    }
}
