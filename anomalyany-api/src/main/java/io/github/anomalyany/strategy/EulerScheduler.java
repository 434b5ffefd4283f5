// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/** Euler's method over σ = √((1−ᾱ)/ᾱ), ending at σ = 0. */
record EulerScheduler() implements NoiseScheduler {
    @Override
    public String description() {
        return "euler()";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        double[] timesteps = Timesteps.fractional(schedule, steps);
        Timesteps.checkStart(startIndex, timesteps.length);
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < timesteps.length; i++) {
            double next = i == timesteps.length - 1 ? 0 : sigma(schedule, timesteps[i + 1]);
            list.add(step(schedule, timesteps[i], sigma(schedule, timesteps[i]), next));
        }
        double largest = sigma(schedule, timesteps[0]);
        double pureNoise = schedule.spacing() == Spacing.LEADING ? Math.sqrt(largest * largest + 1) : largest;
        return new SchedulePlan(steps, startIndex, 1, sigma(schedule, timesteps[startIndex]), pureNoise, list);
    }

    private static Step step(NoiseSchedule schedule, double timestep, double sigma, double next) {
        double root = Math.sqrt(sigma * sigma + 1);
        // the derivative (x − x̂_0)/σ; the output is of the scaled input, whose level is (1/root, σ/root)
        var derivative = switch (schedule.prediction()) {
            case EPSILON -> new NoiseLevel.Linear(0, 1);
            case V_PREDICTION -> new NoiseLevel.Linear(sigma / (root * root), 1 / root);
        };
        var update = derivative.times(next - sigma).plus(new NoiseLevel.Linear(1, 0));
        return new Step(timestep, 1 / root, List.of(update.sample()), List.of(update.output()), 0, false, 1, next);
    }

    /** σ at a timestep, linear between the whole ones. */
    private static double sigma(NoiseSchedule schedule, double timestep) {
        int below = (int) timestep;
        double share = timestep - below;
        double low = sigmaAt(schedule, below);
        return share == 0 ? low : low + share * (sigmaAt(schedule, below + 1) - low);
    }

    private static double sigmaAt(NoiseSchedule schedule, int timestep) {
        double alpha = schedule.alphaCumulative(timestep);
        return Math.sqrt((1 - alpha) / alpha);
    }
}
