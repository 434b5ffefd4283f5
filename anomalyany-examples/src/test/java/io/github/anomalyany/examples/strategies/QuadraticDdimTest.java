// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import io.github.anomalyany.testing.NoiseSchedulerContract;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuadraticDdimTest extends NoiseSchedulerContract {
    @Override
    protected NoiseScheduler scheduler() {
        return new QuadraticDdim();
    }

    @Test
    void timestepsAreSquares() {
        assertThat(scheduler().plan(NoiseSchedule.stableDiffusion(), 5, 0).steps())
                .extracting(Step::timestep)
                .containsExactly(999.0, 639.0, 359.0, 159.0, 39.0);
    }

    @Test
    void asManyStepsAsThoseOfTrainingTakeEachOnce() {
        assertThat(scheduler().plan(NoiseSchedule.stableDiffusion(), 1000, 0).steps())
                .extracting(Step::timestep)
                .containsExactlyElementsOf(
                        IntStream.range(0, 1000).mapToObj(i -> 999.0 - i).toList());
    }

    @Test
    void endsWithoutNoise() {
        var steps = scheduler().plan(NoiseSchedule.stableDiffusion(), 7, 0).steps();
        assertThat(steps.get(6).signalAfter()).isEqualTo(1);
        assertThat(steps.get(6).noiseAfter()).isZero();
    }
}
