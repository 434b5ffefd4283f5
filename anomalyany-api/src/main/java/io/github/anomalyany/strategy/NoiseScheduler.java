// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * Plans how a run descends from noise to image. Pure: equal arguments give equal plans, on any thread.
 */
public interface NoiseScheduler {
    /**
     * One line for provenance.
     *
     * @return as {@code "ddim(eta=0.0)"}
     */
    String description();

    /**
     * Plans a run.
     *
     * @param schedule what the model was trained with
     * @param steps steps of a whole run, 1 to 1000
     * @param startIndex position in the whole list of timesteps to begin at, as image-to-image does; 0 for a run from
     *     pure noise
     * @return the coefficients of each step from there on
     * @throws IllegalArgumentException if an argument is out of range
     */
    SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex);
}
