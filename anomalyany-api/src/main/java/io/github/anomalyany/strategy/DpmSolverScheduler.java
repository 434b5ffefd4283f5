// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/** DPM-Solver++ 2M (Lu et al. 2022), midpoint, ending at σ = 0. */
record DpmSolverScheduler() implements NoiseScheduler {
    @Override
    public String description() {
        return "dpmSolver(++2M)";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        double[] timesteps = Timesteps.oneMore(schedule, steps);
        Timesteps.checkStart(startIndex, timesteps.length);
        var levels = new ArrayList<NoiseLevel>();
        for (double timestep : timesteps) {
            levels.add(NoiseLevel.at(schedule, (int) timestep));
        }
        levels.add(NoiseLevel.ofAlpha(1));
        var list = new ArrayList<Step>();
        for (int i = startIndex; i < timesteps.length; i++) {
            boolean first = i == startIndex || i == timesteps.length - 1;
            list.add(
                    first
                            ? firstOrder(schedule, timesteps[i], levels.get(i), levels.get(i + 1))
                            : secondOrder(schedule, timesteps[i], levels.get(i - 1), levels.get(i), levels.get(i + 1)));
        }
        var start = levels.get(startIndex);
        return new SchedulePlan(steps, startIndex, start.signal(), start.noise(), 1, list);
    }

    private static Step firstOrder(NoiseSchedule schedule, double timestep, NoiseLevel from, NoiseLevel to) {
        var original = from.original(schedule.prediction()).times(approach(from, to));
        return new Step(
                timestep,
                1,
                List.of(to.noise() / from.noise() + original.sample()),
                List.of(original.output()),
                0,
                false,
                to.signal(),
                to.noise());
    }

    /** Extrapolates the predicted clean latents by half a step, in λ = log(signal / noise), from this and the last call. */
    private static Step secondOrder(
            NoiseSchedule schedule, double timestep, NoiseLevel last, NoiseLevel from, NoiseLevel to) {
        double stride = lambda(to) - lambda(from);
        double strideBefore = lambda(from) - lambda(last);
        double extra = stride / strideBefore / 2;
        double approach = approach(from, to);
        var newer = from.original(schedule.prediction()).times(approach * (1 + extra));
        var older = last.original(schedule.prediction()).times(-approach * extra);
        return new Step(
                timestep,
                1,
                List.of(to.noise() / from.noise() + newer.sample(), older.sample()),
                List.of(newer.output(), older.output()),
                0,
                false,
                to.signal(),
                to.noise());
    }

    private static double lambda(NoiseLevel level) {
        return Math.log(level.signal() / level.noise());
    }

    /** −α_to·(e^{−h} − 1), written without the logarithm so that it holds at σ = 0. */
    private static double approach(NoiseLevel from, NoiseLevel to) {
        return to.signal() - from.signal() * to.noise() / from.noise();
    }
}
