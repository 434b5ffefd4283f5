// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * DDIM.
 *
 * @param eta share of fresh noise, 0 to 1
 */
record DdimScheduler(double eta) implements NoiseScheduler {
    /**
     * Checks the range.
     *
     * @param eta share of fresh noise, 0 to 1
     */
    DdimScheduler {
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException("eta must be in [0, 1] but was " + eta);
        }
    }

    @Override
    public String description() {
        return "ddim(eta=" + eta + ")";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        double[] timesteps = Timesteps.whole(schedule, steps);
        Timesteps.checkStart(startIndex, timesteps.length);
        // diffusers counts a stride down instead of taking the next entry of the list; the two may differ by one
        int stride = schedule.trainingSteps() / steps;
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < timesteps.length; i++) {
            list.add(step(schedule, (int) timesteps[i], (int) timesteps[i] - stride));
        }
        var start = NoiseLevel.at(schedule, (int) timesteps[startIndex]);
        return new SchedulePlan(steps, startIndex, start.signal(), start.noise(), 1, list);
    }

    private Step step(NoiseSchedule schedule, int timestep, int next) {
        var from = NoiseLevel.at(schedule, timestep);
        var to = NoiseLevel.atOrFinal(schedule, next);
        double variance = (1 - to.alpha()) / (1 - from.alpha()) * (1 - from.alpha() / to.alpha());
        double deviation = eta * Math.sqrt(Math.max(0, variance));
        double direction = Math.sqrt(Math.max(0, 1 - to.alpha() - deviation * deviation));
        var update = from.original(schedule.prediction())
                .times(to.signal())
                .plus(from.epsilon(schedule.prediction()).times(direction));
        return new Step(
                timestep,
                1,
                List.of(update.sample()),
                List.of(update.output()),
                deviation,
                eta > 0,
                to.signal(),
                to.noise());
    }
}
