// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.SchedulerRun;
import java.util.Optional;

/** One picture in the making: its latents and what steers them. Belongs to one thread. */
final class Sample {
    private final int index;
    private final NoiseSource.Stream noise;
    private final float[] epsilon;
    private final SchedulerRun run;
    private final Optional<AttentionGuidance> attention;
    private final Optional<ClipGuidance> clip;
    private float[] finalAttention = new float[0];

    Sample(
            int index,
            NoiseSource.Stream noise,
            float[] epsilon,
            SchedulerRun run,
            Optional<AttentionGuidance> attention,
            Optional<ClipGuidance> clip) {
        this.index = index;
        this.noise = noise;
        this.epsilon = epsilon;
        this.run = run;
        this.attention = attention;
        this.clip = clip;
    }

    /** Index in the request. */
    int index() {
        return index;
    }

    NoiseSource.Stream noise() {
        return noise;
    }

    /** The run's own unit noise, which also noises the background. */
    float[] epsilon() {
        return epsilon;
    }

    SchedulerRun run() {
        return run;
    }

    Optional<AttentionGuidance> attention() {
        return attention;
    }

    Optional<ClipGuidance> clip() {
        return clip;
    }

    /** Tapped attention of the last step's conditional branch, [positions][row][column]. */
    float[] finalAttention() {
        return finalAttention;
    }

    void finalAttention(float[] attention) {
        this.finalAttention = attention;
    }
}
