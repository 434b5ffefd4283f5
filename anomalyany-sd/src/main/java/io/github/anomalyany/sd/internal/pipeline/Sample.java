// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.SchedulerRun;

/** One picture in the making: its noise, its latents, its prompt's embedding and what steers them. Belongs to one thread. */
final class Sample {
    private final Attempt attempt;
    private final TargetRegion region;
    private final NoiseSource.Stream noise;
    private final float[] normal;
    private final float[] epsilon;
    private final SchedulerRun run;
    private final Guidance guidance;
    private float[] text;
    private float[] finalAttention = new float[0];

    /**
     * Creates a sample.
     *
     * @param normal clean latents of the normal picture
     * @param epsilon the run's own unit noise
     * @param text embeddings of the negative prompt and the prompt, [2, positions, width]; not copied, never written to
     */
    Sample(
            Attempt attempt,
            TargetRegion region,
            NoiseSource.Stream noise,
            float[] normal,
            float[] epsilon,
            SchedulerRun run,
            float[] text,
            Guidance guidance) {
        this.attempt = attempt;
        this.region = region;
        this.noise = noise;
        this.normal = normal;
        this.epsilon = epsilon;
        this.run = run;
        this.text = text;
        this.guidance = guidance;
    }

    Attempt attempt() {
        return attempt;
    }

    TargetRegion region() {
        return region;
    }

    NoiseSource.Stream noise() {
        return noise;
    }

    /** Clean latents of the normal picture. Not a copy. */
    float[] normal() {
        return normal;
    }

    /** The run's own unit noise, which also noises the background. */
    float[] epsilon() {
        return epsilon;
    }

    SchedulerRun run() {
        return run;
    }

    Guidance guidance() {
        return guidance;
    }

    /** Embeddings of the negative prompt and the prompt, [2, positions, width]. Not a copy. */
    float[] text() {
        return text;
    }

    /** Puts other embeddings in the place of these. */
    void replaceText(float[] text) {
        this.text = text;
    }

    /** The prompt's embedding alone, [1, positions, width]. */
    float[] conditionalText() {
        var conditional = new float[text.length / 2];
        System.arraycopy(text, conditional.length, conditional, 0, conditional.length);
        return conditional;
    }

    /** Tapped attention of the last step's conditional branch, [positions][row][column]. */
    float[] finalAttention() {
        return finalAttention;
    }

    void finalAttention(float[] attention) {
        this.finalAttention = attention;
    }
}
