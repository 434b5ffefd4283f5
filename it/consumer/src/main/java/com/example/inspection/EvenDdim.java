// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/** DDIM over timesteps evenly spaced from the last one down, whatever spacing the model asks for. */
public record EvenDdim() implements NoiseScheduler {
    @Override
    public String description() {
        return "ddim(even)";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        int training = schedule.trainingSteps();
        if (steps < 1 || steps > training) {
            throw new IllegalArgumentException("steps must be in [1, %d] but was %d".formatted(training, steps));
        }
        if (startIndex < 0 || startIndex >= steps) {
            throw new IllegalArgumentException("startIndex must be in [0, %d] but was %d".formatted(steps - 1, startIndex));
        }
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < steps; i++) {
            double next = i == steps - 1 ? 1 : schedule.alphaCumulative(timestep(training, steps, i + 1));
            list.add(step(schedule, timestep(training, steps, i), next));
        }
        double alpha = schedule.alphaCumulative(timestep(training, steps, startIndex));
        return new SchedulePlan(steps, startIndex, Math.sqrt(alpha), Math.sqrt(1 - alpha), 1, list);
    }

    private static int timestep(int training, int steps, int index) {
        return (int) ((long) training * (steps - index) / steps) - 1;
    }

    private static Step step(NoiseSchedule schedule, int timestep, double next) {
        double alpha = schedule.alphaCumulative(timestep);
        double signal = Math.sqrt(alpha);
        double noise = Math.sqrt(1 - alpha);
        double signalAfter = Math.sqrt(next);
        double noiseAfter = Math.sqrt(1 - next);
        boolean epsilon = schedule.prediction() == Prediction.EPSILON;
        double sample = epsilon ? signalAfter / signal : signalAfter * signal + noiseAfter * noise;
        double output = epsilon ? noiseAfter - signalAfter * noise / signal : noiseAfter * signal - signalAfter * noise;
        return new Step(timestep, 1, List.of(sample), List.of(output), 0, false, signalAfter, noiseAfter);
    }
}
