// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.function.Supplier;

/**
 * What a step's latents are blended with: the normal picture, two kinds of noise, the region and the noise levels. Arrays
 * belong to the engine and are only read.
 *
 * @param normal clean latents of the normal picture, channel by channel
 * @param epsilon unit noise of the run, of the same length
 * @param region 1 inside, 0 outside, one number a cell of the latents, [row][column]
 * @param rows rows of the latents
 * @param columns columns of the latents
 * @param signalBefore factor of the clean latents at the timestep that the step came from
 * @param noiseBefore factor of the noise at the timestep that the step came from
 * @param signalAfter factor of the clean latents at the level reached
 * @param noiseAfter factor of the noise at the level reached
 * @param freshNoise draws this step's own unit noise, of the latents' length; to be called at most once
 */
@SuppressWarnings("ArrayRecordComponent") // a parameter object, never compared
public record Surroundings(
        float[] normal,
        float[] epsilon,
        float[] region,
        int rows,
        int columns,
        double signalBefore,
        double noiseBefore,
        double signalAfter,
        double noiseAfter,
        Supplier<float[]> freshNoise) {
    /**
     * Puts latents inside the region before a background: {@code m·inside + (1−m)·background}.
     *
     * @param inside latents, channel by channel
     * @param background latents of the same length
     * @return a new array
     */
    public float[] around(float[] inside, float[] background) {
        var blended = new float[inside.length];
        for (int i = 0; i < blended.length; i++) {
            float m = region[i % region.length];
            blended[i] = m * inside[i] + (1 - m) * background[i];
        }
        return blended;
    }
}
