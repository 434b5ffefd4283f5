// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/** Ancestral sampling. Its last step goes to ᾱ = 1, whatever the schedule says. */
record DdpmScheduler() implements NoiseScheduler {
    private static final double SMALLEST_VARIANCE = 1e-20;

    @Override
    public String description() {
        return "ddpm()";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        double[] timesteps = Timesteps.whole(schedule, steps);
        Timesteps.checkStart(startIndex, timesteps.length);
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < timesteps.length; i++) {
            boolean last = i == timesteps.length - 1;
            var to = last ? NoiseLevel.ofAlpha(1) : NoiseLevel.at(schedule, (int) timesteps[i + 1]);
            list.add(step(schedule, (int) timesteps[i], to));
        }
        var start = NoiseLevel.at(schedule, (int) timesteps[startIndex]);
        return new SchedulePlan(steps, startIndex, start.signal(), start.noise(), 1, list);
    }

    private static Step step(NoiseSchedule schedule, int timestep, NoiseLevel to) {
        var from = NoiseLevel.at(schedule, timestep);
        double alpha = from.alpha() / to.alpha();
        double beta = 1 - alpha;
        double noiseFrom = 1 - from.alpha();
        double noiseTo = 1 - to.alpha();
        var update = from.original(schedule.prediction())
                .times(to.signal() * beta / noiseFrom)
                .plus(new NoiseLevel.Linear(Math.sqrt(alpha) * noiseTo / noiseFrom, 0));
        double variance = Math.max(SMALLEST_VARIANCE, noiseTo / noiseFrom * beta);
        boolean draws = timestep > 0;
        return new Step(
                timestep,
                1,
                List.of(update.sample()),
                List.of(update.output()),
                draws ? Math.sqrt(variance) : 0,
                draws,
                to.signal(),
                to.noise());
    }
}
