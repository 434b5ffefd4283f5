// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.function.Supplier;

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
     * The clean latents of the normal picture. Default: the mean of what the encoder gives, which is its mode.
     *
     * @param mean mean of the encoder's Gaussian, channel by channel, as the network takes latents
     * @param deviation its standard deviation; zeros where the encoder gives no Gaussian
     * @param noise draws unit noise of this length; to be called at most once
     * @return a new array of the same length
     */
    default float[] normalLatents(float[] mean, float[] deviation, Supplier<float[]> noise) {
        return mean.clone();
    }

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
        return Conditionings.noised(normal, epsilon, signal, noise);
    }

    /**
     * The latents after a step. Default: inside the region the latents, outside the normal picture at the noise level just
     * reached, with the run's own noise (AnomalyAny eq. 5).
     *
     * @param latents after the step, channel by channel
     * @param surroundings what to blend them with
     * @return a new array of the same length
     */
    default float[] blend(float[] latents, Surroundings surroundings) {
        var s = surroundings;
        return s.around(latents, Conditionings.noised(s.normal(), s.epsilon(), s.signalAfter(), s.noiseAfter()));
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

    /**
     * What the released AnomalyAny code does in the place of the paper's conditioning: starts as {@link #strength} does, from
     * a sample of the encoder's Gaussian instead of its mode, and noises the background with fresh noise at every step, to
     * the timestep that the step came from.
     *
     * @param gamma share of the run's steps that are taken, in (0, 1]
     * @return the conditioning
     * @throws IllegalArgumentException if it is out of range
     */
    static Conditioning released(double gamma) {
        return new Conditionings.Released(gamma);
    }
}
