// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * How the normal picture conditions a run: where on the noise schedule the run starts, and what is kept of the picture
 * after each step. Pure: no state between calls, any thread.
 */
public interface Conditioning {
    /**
     * One line for provenance.
     *
     * @return as {@code "strength(0.25)"}
     */
    String description();

    /**
     * Chooses where in the list of timesteps the run starts.
     *
     * @param whole the plan of a run from pure noise
     * @param schedule the model's noise schedule
     * @return an index into {@code whole.steps()}
     */
    int startIndex(SchedulePlan whole, NoiseSchedule schedule);

    /**
     * The latents that a run starts from. Default: {@code signal·normal + noise·ε} (AnomalyAny 4.1).
     *
     * @param normal clean latents of the normal picture
     * @param epsilon unit noise of the run
     * @param signal factor of the clean latents at the start
     * @param noise factor of the noise at the start
     * @return a new array of the same length
     */
    default float[] start(float[] normal, float[] epsilon, double signal, double noise) {
        float[] latents = new float[normal.length];
        for (int i = 0; i < latents.length; i++) {
            latents[i] = (float) (signal * normal[i] + noise * epsilon[i]);
        }
        return latents;
    }

    /**
     * The latents after a step. Default: inside the region the latents, outside the normal picture at the noise level just
     * reached, with the run's own noise (AnomalyAny eq. 5).
     *
     * @param latents after the step, channel by channel
     * @param normal clean latents of the normal picture
     * @param epsilon unit noise of the run
     * @param region 1 inside, 0 outside, one number a cell of the latents
     * @param signal factor of the clean latents at the level reached
     * @param noise factor of the noise at the level reached
     * @return a new array of the same length
     */
    default float[] blend(
            float[] latents, float[] normal, float[] epsilon, float[] region, double signal, double noise) {
        float[] blended = new float[latents.length];
        for (int i = 0; i < latents.length; i++) {
            float m = region[i % region.length];
            double background = signal * normal[i] + noise * epsilon[i];
            blended[i] = (float) (m * latents[i] + (1 - m) * background);
        }
        return blended;
    }

    /**
     * Starts from the normal picture with as much noise as the last part of a run removes: at index T − ⌊T·γ⌋ of the
     * descending timesteps (the released code's reading of AnomalyAny 4.1). 0.25 keeps the part's look, 0.5 changes it.
     *
     * @param gamma share of the run's steps that are taken, in (0, 1]; at least one step is
     * @return the conditioning
     * @throws IllegalArgumentException if it is out of range
     */
    static Conditioning strength(double gamma) {
        return new Conditionings.Strength(gamma);
    }

    /**
     * Starts from the normal picture at the timestep whose noise level √(1−ᾱ) comes nearest to σ.
     *
     * @param sigma share of noise in the latents, in (0, 1]; 0.57 is what {@code strength(0.25)} gives for Stable Diffusion
     * @return the conditioning
     * @throws IllegalArgumentException if it is out of range
     */
    static Conditioning noiseLevel(double sigma) {
        return new Conditionings.NoiseLevel(sigma);
    }
}
