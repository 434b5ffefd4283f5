// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * Pseudo linear multistep. The second call asks the network at the state that the first one reached, and then steps again
 * from where the first one stepped; its output is used once and not kept for later steps.
 */
record PndmScheduler() implements NoiseScheduler {
    /** Factors of the outputs of this call and of those before it, by the number of the call. */
    private static final List<List<Double>> OUTPUTS = List.of(
            List.of(1.0),
            List.of(1 / 2.0, 1 / 2.0),
            List.of(3 / 2.0, 0.0, -1 / 2.0),
            List.of(23 / 12.0, -16 / 12.0, 0.0, 5 / 12.0),
            List.of(55 / 24.0, -59 / 24.0, 37 / 24.0, 0.0, -9 / 24.0),
            List.of(55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0));

    @Override
    public String description() {
        return "pndm()";
    }

    @Override
    public SchedulePlan plan(NoiseSchedule schedule, int steps, int startIndex) {
        int[] timesteps = withSecondTwice(Timesteps.whole(schedule, steps));
        Timesteps.checkStart(startIndex, timesteps.length);
        int stride = schedule.trainingSteps() / steps;
        var list = new ArrayList<Step>();
        for (int call = 0; startIndex + call < timesteps.length; call++) {
            int timestep = timesteps[startIndex + call];
            var factors = OUTPUTS.get(Math.min(call, OUTPUTS.size() - 1));
            if (call == 1) {
                list.add(step(schedule, timestep, timestep + stride, timestep, 1, factors));
            } else {
                list.add(step(schedule, timestep, timestep, timestep - stride, 0, factors));
            }
        }
        var start = NoiseLevel.at(schedule, timesteps[startIndex]);
        return new SchedulePlan(steps, startIndex, start.signal(), start.noise(), 1, list);
    }

    /**
     * Steps the state {@code back} calls ago from one timestep to another along the combined outputs.
     *
     * @param asked what the network is told
     */
    private static Step step(NoiseSchedule schedule, int asked, int from, int to, int back, List<Double> factors) {
        var before = NoiseLevel.at(schedule, from);
        var after = NoiseLevel.atOrFinal(schedule, to);
        var update = before.original(schedule.prediction())
                .times(after.signal())
                .plus(before.epsilon(schedule.prediction()).times(after.noise()));
        List<Double> samples = back == 0 ? List.of(update.sample()) : List.of(0.0, update.sample());
        List<Double> outputs = factors.stream().map(f -> f * update.output()).toList();
        return new Step(asked, 1, samples, outputs, 0, false, after.signal(), after.noise());
    }

    private static int[] withSecondTwice(double[] list) {
        if (list.length == 1) {
            return new int[] {(int) list[0]};
        }
        int[] timesteps = new int[list.length + 1];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = (int) list[i < 2 ? i : i - 1];
        }
        return timesteps;
    }
}
