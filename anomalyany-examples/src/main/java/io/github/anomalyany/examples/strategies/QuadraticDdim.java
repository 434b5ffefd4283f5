// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * DDIM over timesteps that lie denser towards the end of the run, where details are made: ⌊c·i²⌋ (Song et al. 2021, D.2),
 * whatever spacing the model asks for. Since half of the steps then have little noise, say where a run starts by its noise
 * level instead of a share of the steps.
 *
 * <pre>{@code
 * GenerationSettings.builder().scheduler(new QuadraticDdim()).noiseLevel(0.6).build();
 * }</pre>
 */
public record QuadraticDdim() implements NoiseScheduler {
    @Override
    public String description() {
        return "ddim(quadratic)";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        int training = schedule.trainingSteps();
        if (steps < 1 || steps > training) {
            throw new IllegalArgumentException("steps must be in [1, %d] but was %d".formatted(training, steps));
        }
        if (startIndex < 0 || startIndex >= steps) {
            throw new IllegalArgumentException(
                    "startIndex must be in [0, %d] but was %d".formatted(steps - 1, startIndex));
        }
        int[] timesteps = timesteps(training, steps);
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < steps; i++) {
            double next = i == steps - 1 ? 1 : schedule.alphaCumulative(timesteps[i + 1]);
            list.add(step(schedule, timesteps[i], next));
        }
        double alpha = schedule.alphaCumulative(timesteps[startIndex]);
        return new SchedulePlan(steps, startIndex, Math.sqrt(alpha), Math.sqrt(1 - alpha), 1, list);
    }

    /** Descending; where squares would fall together, one apart. */
    private static int[] timesteps(int training, int steps) {
        var timesteps = new int[steps];
        int last = -1;
        for (int i = 0; i < steps; i++) {
            double share = (i + 1.0) / steps;
            last = Math.max(last + 1, (int) ((training - 1) * share * share));
            timesteps[steps - 1 - i] = last;
        }
        return timesteps;
    }

    /**
     * {@code z' = s'·ẑ₀ + n'·ε̂} (eq. 12 without fresh noise) as factors of the state z and of the network's output o.
     *
     * @param next ᾱ of the state reached
     */
    private static Step step(NoiseSchedule schedule, int timestep, double next) {
        double alpha = schedule.alphaCumulative(timestep);
        double s = Math.sqrt(alpha);
        double n = Math.sqrt(1 - alpha);
        double s2 = Math.sqrt(next);
        double n2 = Math.sqrt(1 - next);
        double sample;
        double output;
        switch (schedule.prediction()) {
            case EPSILON -> { // ẑ₀ = (z − n·o)/s, ε̂ = o
                sample = s2 / s;
                output = n2 - s2 * n / s;
            }
            case V_PREDICTION -> { // ẑ₀ = s·z − n·o, ε̂ = n·z + s·o
                sample = s2 * s + n2 * n;
                output = n2 * s - s2 * n;
            }
            default -> throw new IllegalArgumentException("prediction was " + schedule.prediction());
        }
        return new Step(timestep, 1, List.of(sample), List.of(output), 0, false, s2, n2);
    }
}
