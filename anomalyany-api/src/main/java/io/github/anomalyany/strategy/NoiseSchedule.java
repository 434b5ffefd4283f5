// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.Objects;

/**
 * The noise schedule that a model was trained with, and how its steps are to be spaced: what a scheduler's plan depends
 * on besides the number of steps. Immutable.
 *
 * <p>The cumulative products ᾱ_t = Π(1−β) define the noising {@code z_t = √ᾱ_t·z_0 + √(1−ᾱ_t)·ε}.
 */
public final class NoiseSchedule {
    /** What the network predicts. */
    public enum Prediction {
        /** The noise ε. */
        EPSILON,
        /** The velocity {@code v = √ᾱ·ε − √(1−ᾱ)·z_0}. */
        V_PREDICTION
    }

    /** Where the timesteps of a run lie among those of training. */
    public enum Spacing {
        /** Multiples of {@code training steps / steps}, plus the offset. */
        LEADING,
        /** Multiples counted back from the last training step. */
        TRAILING,
        /** Evenly from the first to the last training step. */
        LINSPACE
    }

    private final double[] alphasCumulative;
    private final Prediction prediction;
    private final Spacing spacing;
    private final int stepsOffset;
    private final boolean setAlphaToOne;

    /**
     * Creates a schedule.
     *
     * @param betas β of each training step, each in (0, 1); copied
     * @param prediction what the network predicts
     * @param spacing how the steps of a run are spaced
     * @param stepsOffset added to the timesteps of {@link Spacing#LEADING}, 0 or more; 1 for Stable Diffusion
     * @param setAlphaToOne whether ᾱ after the last step is 1 instead of ᾱ_0; schedulers that end elsewhere ignore it
     * @throws IllegalArgumentException if there is no β, one is outside (0, 1), or the offset is negative
     */
    public NoiseSchedule(
            double[] betas, Prediction prediction, Spacing spacing, int stepsOffset, boolean setAlphaToOne) {
        Objects.requireNonNull(betas, "betas");
        if (betas.length == 0) {
            throw new IllegalArgumentException("betas must not be empty");
        }
        if (stepsOffset < 0) {
            throw new IllegalArgumentException("stepsOffset must be 0 or more but was " + stepsOffset);
        }
        this.prediction = Objects.requireNonNull(prediction, "prediction");
        this.spacing = Objects.requireNonNull(spacing, "spacing");
        this.stepsOffset = stepsOffset;
        this.setAlphaToOne = setAlphaToOne;
        alphasCumulative = new double[betas.length];
        double product = 1;
        for (int t = 0; t < betas.length; t++) {
            if (!(betas[t] > 0 && betas[t] < 1)) {
                throw new IllegalArgumentException("betas[" + t + "] must be in (0, 1) but was " + betas[t]);
            }
            product *= 1 - betas[t];
            alphasCumulative[t] = product;
        }
    }

    /**
     * Stable Diffusion's: 1000 steps, √β evenly from √0.00085 to √0.012, ε-prediction, leading spacing, offset 1, ᾱ ends
     * at ᾱ_0.
     *
     * @return the schedule
     */
    public static NoiseSchedule stableDiffusion() {
        return new NoiseSchedule(scaledLinear(0.00085, 0.012, 1000), Prediction.EPSILON, Spacing.LEADING, 1, false);
    }

    /**
     * β whose square roots are evenly spaced.
     *
     * @param first β of the first step
     * @param last β of the last step
     * @param count training steps
     * @return the β
     */
    public static double[] scaledLinear(double first, double last, int count) {
        double[] roots = linear(Math.sqrt(first), Math.sqrt(last), count);
        for (int i = 0; i < count; i++) {
            roots[i] *= roots[i];
        }
        return roots;
    }

    /**
     * Evenly spaced β.
     *
     * @param first β of the first step
     * @param last β of the last step
     * @param count training steps
     * @return the β
     */
    public static double[] linear(double first, double last, int count) {
        double[] betas = new double[count];
        for (int i = 0; i < count; i++) {
            betas[i] = count == 1 ? first : first + (last - first) * i / (count - 1);
        }
        return betas;
    }

    /**
     * Training steps.
     *
     * @return at least 1, 1000 for Stable Diffusion
     */
    public int trainingSteps() {
        return alphasCumulative.length;
    }

    /**
     * ᾱ_t.
     *
     * @param timestep from 0 to {@code trainingSteps() − 1}
     * @return in (0, 1)
     */
    public double alphaCumulative(int timestep) {
        return alphasCumulative[timestep];
    }

    /**
     * ᾱ after the last step of schedulers that step to "−1".
     *
     * @return 1 or ᾱ_0
     */
    public double finalAlphaCumulative() {
        return setAlphaToOne ? 1 : alphasCumulative[0];
    }

    /**
     * What the network predicts.
     *
     * @return noise or velocity
     */
    public Prediction prediction() {
        return prediction;
    }

    /**
     * How the steps of a run are spaced.
     *
     * @return the spacing
     */
    public Spacing spacing() {
        return spacing;
    }

    /**
     * What is added to the timesteps of leading spacing.
     *
     * @return 0 or more
     */
    public int stepsOffset() {
        return stepsOffset;
    }
}
