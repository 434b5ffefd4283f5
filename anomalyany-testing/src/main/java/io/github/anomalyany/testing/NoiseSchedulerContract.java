// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link NoiseScheduler} must do. A subclass gives the scheduler, and says so where a law isn't one of its own. */
public abstract class NoiseSchedulerContract {
    private static final double[] BETAS = NoiseSchedule.scaledLinear(0.00085, 0.012, 1000);
    /** A divisor of the training steps, so that every spacing but the linear one has even strides. */
    private static final int EVEN_STEPS = 10;

    private static final double ROUNDING = 1e-9;

    /** For subclasses. */
    protected NoiseSchedulerContract() {}

    /**
     * The scheduler to check.
     *
     * @return the scheduler
     */
    protected abstract NoiseScheduler scheduler();

    /**
     * Whether the network may be asked twice at a timestep.
     *
     * @return default false
     */
    protected boolean repeatsTimesteps() {
        return false;
    }

    /**
     * Whether a network that always knows the noise in the state takes it exactly to the level that each step names.
     *
     * @param prediction what the network gives
     * @param startIndex where the run begins
     * @return default true
     */
    protected boolean isExact(Prediction prediction, int startIndex) {
        return true;
    }

    /**
     * Schedules of each spacing and prediction.
     *
     * @return schedules
     */
    protected static Stream<NoiseSchedule> schedules() {
        return Stream.of(Spacing.values())
                .flatMap(spacing -> Stream.of(Prediction.values())
                        .map(prediction -> new NoiseSchedule(BETAS, prediction, spacing, 1, false)));
    }

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> scheduler().description());
    }

    @Test
    void rejectsStepsOutOfRangeAndNamesThem() {
        for (int steps : new int[] {Integer.MIN_VALUE, -1, 0, 1001, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scheduler().plan(NoiseSchedule.stableDiffusion(), steps, 0))
                    .withMessageContaining("[1, 1000]")
                    .withMessageContaining("was " + steps);
        }
    }

    @Test
    void rejectsAStartOutsideTheListAndNamesIt() {
        var schedule = NoiseSchedule.stableDiffusion();
        int length = scheduler().plan(schedule, 10, 0).steps().size();
        for (int start : new int[] {Integer.MIN_VALUE, -1, length, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> scheduler().plan(schedule, 10, start))
                    .withMessageContaining("[0, " + (length - 1) + "]")
                    .withMessageContaining("was " + start);
        }
        assertThat(scheduler().plan(schedule, 10, length - 1).steps()).hasSize(1);
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var scheduler = scheduler();
        StrategyChecks.assertPure(() -> schedules()
                .flatMap(schedule -> Stream.of(scheduler.plan(schedule, 12, 0), scheduler.plan(schedule, 7, 3)))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void everyNumberOfStepsGivesFinitePlansThatLookBackNoFurtherThanTheyBegan(NoiseSchedule schedule) {
        for (int steps = 1; steps < 999; steps += steps < 20 ? 1 : 31) {
            int length = scheduler().plan(schedule, steps, 0).steps().size();
            for (int start = 0; start < length; start += Math.max(1, length / 3)) {
                assertCanBeRun(scheduler().plan(schedule, steps, start));
            }
        }
    }

    private static void assertCanBeRun(SchedulePlan plan) {
        double sum = plan.startSignal() + plan.startNoise() + plan.pureNoise();
        for (int i = 0; i < plan.steps().size(); i++) {
            Step step = plan.steps().get(i);
            sum += step.inputScale() + step.noise() + step.signalAfter() + step.noiseAfter();
            sum += step.samples().stream().mapToDouble(f -> f).sum();
            sum += step.outputs().stream().mapToDouble(f -> f).sum();
            assertThat(step.samples()).as(step::toString).hasSizeBetween(1, i + 1);
            assertThat(step.outputs()).as(step::toString).hasSizeBetween(1, i + 1);
            assertThat(step.drawsNoise() || step.noise() == 0)
                    .as(step::toString)
                    .isTrue();
        }
        assertThat(sum).as(plan::toString).isFinite();
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void timestepsDescendWithinTraining(NoiseSchedule schedule) {
        for (int steps : new int[] {1, 2, 9, 50, 333}) {
            double last = schedule.trainingSteps();
            for (Step step : scheduler().plan(schedule, steps, 0).steps()) {
                assertThat(step.timestep()).isBetween(0.0, repeatsTimesteps() ? last : Math.nextDown(last));
                last = step.timestep();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void noiseNeverRises(NoiseSchedule schedule) {
        for (int steps : new int[] {1, 2, 9, 50, 333}) {
            SchedulePlan plan = scheduler().plan(schedule, steps, 0);
            double last = plan.startNoise() / plan.startSignal();
            for (Step step : plan.steps()) {
                double level = step.noiseAfter() / step.signalAfter();
                assertThat(level).as("after %s of %d steps", step, steps).isBetween(0.0, last * (1 + ROUNDING));
                last = level;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aLaterStartTakesTheRestOfTheTimesteps(NoiseSchedule schedule) {
        List<Double> whole = timesteps(scheduler().plan(schedule, 12, 0));
        for (int start = 0; start < whole.size(); start++) {
            SchedulePlan rest = scheduler().plan(schedule, 12, start);
            assertThat(timesteps(rest)).isEqualTo(whole.subList(start, whole.size()));
            assertThat(rest.startIndex()).isEqualTo(start);
            assertThat(rest.requestedSteps()).isEqualTo(12);
        }
    }

    private static List<Double> timesteps(SchedulePlan plan) {
        return plan.steps().stream().map(Step::timestep).toList();
    }

    /** What the network sees at the start has the signal and the noise of the timestep that it is told. */
    @ParameterizedTest
    @EnumSource
    void startsAtTheLevelOfItsFirstTimestep(Prediction prediction) {
        var schedule = new NoiseSchedule(BETAS, prediction, Spacing.LEADING, 1, false);
        for (int start = 0; start < EVEN_STEPS; start++) {
            SchedulePlan plan = scheduler().plan(schedule, EVEN_STEPS, start);
            Step first = plan.steps().get(0);
            double alpha = schedule.alphaCumulative((int) first.timestep());
            assertThat(first.inputScale() * plan.startSignal()).isCloseTo(Math.sqrt(alpha), within(ROUNDING));
            assertThat(first.inputScale() * plan.startNoise()).isCloseTo(Math.sqrt(1 - alpha), within(ROUNDING));
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void aPerfectNetworkTakesTheStateToTheLevelsThatTheStepsName(NoiseSchedule schedule) {
        if (schedule.spacing() == Spacing.LINSPACE) {
            return; // its strides are uneven, which not every solver follows
        }
        for (int start : new int[] {0, 6}) {
            if (isExact(schedule.prediction(), start)) {
                followPerfectNetwork(schedule, scheduler().plan(schedule, EVEN_STEPS, start));
            }
        }
    }

    /**
     * How much of the clean latents and of the noise a state or an output holds.
     *
     * @param signal factor of the clean latents
     * @param noise factor of the noise in the state
     */
    private record Mix(double signal, double noise) {
        Mix plus(double factor, Mix other) {
            return new Mix(signal + factor * other.signal, noise + factor * other.noise);
        }
    }

    /** Runs the plan on factors in the place of arrays. Fresh noise and what is left of the old are new unit noise together. */
    private static void followPerfectNetwork(NoiseSchedule schedule, SchedulePlan plan) {
        var states = new ArrayList<Mix>();
        var outputs = new ArrayList<Mix>();
        var state = new Mix(plan.startSignal(), plan.startNoise());
        for (Step step : plan.steps()) {
            double alpha = schedule.alphaCumulative((int) Math.rint(step.timestep()));
            states.add(0, state);
            outputs.add(
                    0,
                    schedule.prediction() == Prediction.EPSILON
                            ? new Mix(0, 1)
                            : new Mix(-Math.sqrt(1 - alpha), Math.sqrt(alpha)));
            var next = new Mix(0, 0);
            for (int i = 0; i < step.samples().size(); i++) {
                next = next.plus(step.samples().get(i), states.get(i));
            }
            for (int i = 0; i < step.outputs().size(); i++) {
                next = next.plus(step.outputs().get(i), outputs.get(i));
            }
            state = new Mix(next.signal, Math.hypot(next.noise, step.noise()));
            assertThat(state.signal)
                    .as("signal after %s, %s, from %d", step, schedule.spacing(), plan.startIndex())
                    .isCloseTo(step.signalAfter(), within(ROUNDING));
            assertThat(state.noise)
                    .as("noise after %s, %s, from %d", step, schedule.spacing(), plan.startIndex())
                    .isCloseTo(step.noiseAfter(), within(ROUNDING));
        }
    }
}
