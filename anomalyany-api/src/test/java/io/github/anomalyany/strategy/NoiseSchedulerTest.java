// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoiseSchedulerTest {
    private static final double[] BETAS = NoiseSchedule.scaledLinear(0.00085, 0.012, 1000);

    static List<NoiseScheduler> schedulers() {
        return List.of(
                NoiseScheduler.ddim(),
                NoiseScheduler.ddim(1),
                NoiseScheduler.ddpm(),
                NoiseScheduler.pndm(),
                NoiseScheduler.dpmSolver(),
                NoiseScheduler.euler());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.0001, Double.NaN, Double.POSITIVE_INFINITY})
    void rejectsEtaOutsideZeroToOne(double eta) {
        assertThatThrownBy(() -> NoiseScheduler.ddim(eta))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("eta must be in [0, 1] but was " + eta);
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void rejectsStepsOutOfRange(NoiseScheduler scheduler) {
        for (int steps : new int[] {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> scheduler.plan(NoiseSchedule.stableDiffusion(), steps, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("steps must be in [1, 1000] but was " + steps);
        }
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void rejectsAStartOutsideTheList(NoiseScheduler scheduler) {
        var schedule = NoiseSchedule.stableDiffusion();
        int length = scheduler.plan(schedule, 10, 0).steps().size();
        for (int start : new int[] {-1, length, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> scheduler.plan(schedule, 10, start))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("startIndex must be in [0, %d] but was %d", length - 1, start);
        }
        assertThat(scheduler.plan(schedule, 10, length - 1).steps()).hasSize(1);
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
    void everyNumberOfStepsGivesFinitePlansOrAClearRefusal() {
        for (Spacing spacing : Spacing.values()) {
            var schedule = new NoiseSchedule(BETAS, Prediction.V_PREDICTION, spacing, 1, false);
            for (var scheduler : schedulers()) {
                for (int steps = 1; steps < 999; steps += steps < 20 ? 1 : 31) {
                    for (int start = 0; start < steps; start += Math.max(1, steps / 3)) {
                        assertFinite(scheduler.plan(schedule, steps, start));
                    }
                }
            }
        }
    }

    private static void assertFinite(SchedulePlan plan) {
        double sum = plan.startSignal() + plan.startNoise() + plan.pureNoise();
        for (var step : plan.steps()) {
            sum += step.inputScale() + step.noise() + step.signalAfter() + step.noiseAfter();
            sum += step.samples().stream().mapToDouble(f -> f).sum();
            sum += step.outputs().stream().mapToDouble(f -> f).sum();
        }
        assertThat(sum).as(plan::toString).isFinite();
    }

    @ParameterizedTest
    @MethodSource("schedulers")
    void equalArgumentsGiveEqualPlans(NoiseScheduler scheduler) {
        var schedule = NoiseSchedule.stableDiffusion();
        assertThat(scheduler.plan(schedule, 12, 3)).isEqualTo(scheduler.plan(schedule, 12, 3));
        assertThat(scheduler.description()).matches("[a-z]\\w+\\(.*\\)");
    }

    /** With the true output at every timestep, a deterministic solver must stay on the noising of the clean latents. */
    @Test
    void aPerfectNetworkKeepsTheStateOnTheSchedule() {
        var exact = List.of(NoiseScheduler.ddim(), NoiseScheduler.dpmSolver(), NoiseScheduler.euler());
        for (var scheduler : exact) {
            for (Prediction prediction : Prediction.values()) {
                followPerfectNetwork(scheduler, prediction, 0);
                followPerfectNetwork(scheduler, prediction, 6);
            }
        }
        // PNDM mixes outputs of several timesteps, which is exact only for ε, and lags when entered in the middle
        followPerfectNetwork(NoiseScheduler.pndm(), Prediction.EPSILON, 0);
    }

    private static void followPerfectNetwork(NoiseScheduler scheduler, Prediction prediction, int start) {
        var schedule = new NoiseSchedule(BETAS, prediction, Spacing.LEADING, 1, false);
        var plan = scheduler.plan(schedule, 9, start);
        float clean = 0.7f;
        float unit = -1.3f;
        var run = new SchedulerRun(plan, new float[] {mix(plan.startSignal(), clean, plan.startNoise(), unit)});
        while (!run.isFinished()) {
            var step = run.step();
            double alpha = schedule.alphaCumulative((int) step.timestep());
            float output =
                    prediction == Prediction.EPSILON ? unit : mix(Math.sqrt(alpha), unit, -Math.sqrt(1 - alpha), clean);
            float reached = run.advance(new float[] {output})[0];
            assertThat(reached)
                    .as("%s, %s, after timestep %s", scheduler.description(), prediction, step.timestep())
                    .isCloseTo(mix(step.signalAfter(), clean, step.noiseAfter(), unit), within(2e-5f));
        }
    }

    private static float mix(double a, float x, double b, float y) {
        return (float) (a * x + b * y);
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
