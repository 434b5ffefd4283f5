// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseSchedulerTest {
    private static final double[] BETAS = NoiseSchedule.scaledLinear(0.00085, 0.012, 1000);

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void rejectsEtaOutsideZeroToOne(double eta) {
        assertThatThrownBy(() -> NoiseScheduler.ddim(eta))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("eta must be in [0, 1] but was " + eta);
    }

    @Test
    void rejectsAListThatLeavesTheTrainingSteps() {
        assertThatThrownBy(() -> NoiseScheduler.ddim().plan(NoiseSchedule.stableDiffusion(), 1000, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("begin at timestep 1000, beyond the last training step 999");
    }

    @Test
    void rejectsAListThatRepeatsATimestep() {
        assertThatThrownBy(() -> NoiseScheduler.dpmSolver().plan(NoiseSchedule.stableDiffusion(), 1000, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ask for timestep 1 twice; take fewer steps");
    }

    @Test
    void pndmAsksTheSecondTimestepTwice() {
        var timesteps = new ArrayList<Double>();
        for (var step : NoiseScheduler.pndm()
                .plan(NoiseSchedule.stableDiffusion(), 5, 0)
                .steps()) {
            timesteps.add(step.timestep());
        }
        assertThat(timesteps).containsExactly(801.0, 601.0, 601.0, 401.0, 201.0, 1.0);
    }

    @Test
    void pndmOfOneStepCallsOnce() {
        assertThat(NoiseScheduler.pndm()
                        .plan(NoiseSchedule.stableDiffusion(), 1, 0)
                        .steps())
                .hasSize(1);
    }

    @Test
    void trailingListsHaveAsManyEntriesAsStepsWhereRoundingWouldAddOne() {
        // np.arange(1000, 0, -1000 / 61) has 62 entries, the last of which would be timestep −1
        var schedule = new NoiseSchedule(BETAS, Prediction.EPSILON, Spacing.TRAILING, 1, false);
        var steps = NoiseScheduler.ddim().plan(schedule, 61, 0).steps();
        assertThat(steps).hasSize(61);
        assertThat(steps.get(0).timestep()).isEqualTo(999);
        assertThat(steps.get(60).timestep()).isEqualTo(15);
    }
}
