// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.NoiseSchedule.Prediction;

/**
 * How much of the clean latents and of unit noise a state holds: {@code z = signal·z_0 + noise·ε}.
 *
 * @param signal factor of the clean latents
 * @param noise factor of the noise
 */
record NoiseLevel(double signal, double noise) {
    /**
     * A quantity that is linear in the state and in the network's output.
     *
     * @param sample factor of the state
     * @param output factor of the output
     */
    record Linear(double sample, double output) {
        Linear times(double factor) {
            return new Linear(factor * sample, factor * output);
        }

        Linear plus(Linear other) {
            return new Linear(sample + other.sample, output + other.output);
        }
    }

    /** The level at a timestep of training. */
    static NoiseLevel at(NoiseSchedule schedule, int timestep) {
        return ofAlpha(schedule.alphaCumulative(timestep));
    }

    /** The level at a timestep, or the final one where the timestep is below 0. */
    static NoiseLevel atOrFinal(NoiseSchedule schedule, int timestep) {
        return timestep >= 0 ? at(schedule, timestep) : ofAlpha(schedule.finalAlphaCumulative());
    }

    static NoiseLevel ofAlpha(double alphaCumulative) {
        return new NoiseLevel(Math.sqrt(alphaCumulative), Math.sqrt(1 - alphaCumulative));
    }

    /** ᾱ. */
    double alpha() {
        return signal * signal;
    }

    /** The noise that the output stands for. */
    Linear epsilon(Prediction prediction) {
        return switch (prediction) {
            case EPSILON -> new Linear(0, 1);
            case V_PREDICTION -> new Linear(noise, signal);
        };
    }

    /** The clean latents that the output stands for. */
    Linear original(Prediction prediction) {
        return switch (prediction) {
            case EPSILON -> new Linear(1 / signal, -noise / signal);
            case V_PREDICTION -> new Linear(signal, -noise);
        };
    }
}
