// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.List;

/**
 * A run of a scheduler as scalar coefficients: whatever the solver, each step is a linear combination of the samples so
 * far, the network outputs so far and fresh noise. Immutable; the engine does the sums.
 *
 * @param requestedSteps steps asked for; PNDM makes one more
 * @param startIndex position in the scheduler's whole list at which this plan begins
 * @param startSignal factor of the clean latents in the state that the plan starts from
 * @param startNoise factor of the noise in that state; from pure noise ({@code startIndex} 0) the factor of the noise alone
 *     is {@link #pureNoise}
 * @param pureNoise factor of unit noise for a run from pure noise
 * @param steps first to last
 */
public record SchedulePlan(
        int requestedSteps, int startIndex, double startSignal, double startNoise, double pureNoise, List<Step> steps) {
    /**
     * Copies the list.
     *
     * @param requestedSteps steps asked for; PNDM makes one more
     * @param startIndex position in the scheduler's whole list at which this plan begins
     * @param startSignal factor of the clean latents in the state that the plan starts from
     * @param startNoise factor of the noise in that state; from pure noise ({@code startIndex} 0) the factor of the noise alone is {@link #pureNoise}
     * @param pureNoise factor of unit noise for a run from pure noise
     * @param steps first to last
     */
    public SchedulePlan {
        steps = List.copyOf(steps);
    }

    /**
     * One call of the network and the update after it:
     * {@code next = Σ samples[i]·x_{−i} + Σ outputs[i]·o_{−i} + noise·z}.
     *
     * @param timestep what the network is told, 0 to 999, fractional for some
     * @param inputScale factor of the sample on its way into the network
     * @param samples factors of the states before this step, this step's own first, then older ones
     * @param outputs factors of the network's outputs, this step's own first, then older ones
     * @param noise factor of fresh unit noise
     * @param drawsNoise whether fresh noise is drawn for this step, even with a factor of 0
     * @param signalAfter factor of the clean latents in the state reached
     * @param noiseAfter factor of the noise in the state reached
     */
    public record Step(
            double timestep,
            double inputScale,
            List<Double> samples,
            List<Double> outputs,
            double noise,
            boolean drawsNoise,
            double signalAfter,
            double noiseAfter) {
        /**
         * Copies the lists.
         *
         * @param timestep what the network is told, 0 to 999, fractional for some
         * @param inputScale factor of the sample on its way into the network
         * @param samples factors of the states before this step, this step's own first, then older ones
         * @param outputs factors of the network's outputs, this step's own first, then older ones
         * @param noise factor of fresh unit noise
         * @param drawsNoise whether fresh noise is drawn for this step, even with a factor of 0
         * @param signalAfter factor of the clean latents in the state reached
         * @param noiseAfter factor of the noise in the state reached
         */
        public Step {
            samples = List.copyOf(samples);
            outputs = List.copyOf(outputs);
        }
    }
}
