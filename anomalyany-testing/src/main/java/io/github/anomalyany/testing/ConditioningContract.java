// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.Surroundings;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link Conditioning} must do. A subclass gives it, and says so where a law isn't one of its own. */
public abstract class ConditioningContract {
    private static final int CHANNELS = 4;
    private static final int CELLS = 35;
    private static final int LENGTH = CHANNELS * CELLS;

    /** For subclasses. */
    protected ConditioningContract() {}

    /**
     * The conditioning to check.
     *
     * @return the conditioning
     */
    protected abstract Conditioning conditioning();

    /**
     * Whether a blend leaves the latents inside the region as the step left them.
     *
     * @return default true
     */
    protected boolean keepsTheLatentsInside() {
        return true;
    }

    /**
     * Whether a blend leaves nothing of the latents outside the region.
     *
     * @return default true
     */
    protected boolean dropsTheLatentsOutside() {
        return true;
    }

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> conditioning().description());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50, 200})
    void startsWithinThePlan(int steps) {
        var schedule = NoiseSchedule.stableDiffusion();
        for (NoiseScheduler scheduler : List.of(
                NoiseScheduler.ddim(),
                NoiseScheduler.ddpm(),
                NoiseScheduler.pndm(),
                NoiseScheduler.dpmSolver(),
                NoiseScheduler.euler())) {
            var whole = scheduler.plan(schedule, steps, 0);
            int start = conditioning().startIndex(whole, schedule);
            assertThat(start)
                    .as("start of %d steps of %s", steps, scheduler.description())
                    .isBetween(0, whole.steps().size() - 1)
                    .isEqualTo(conditioning().startIndex(whole, schedule));
        }
    }

    /** Numbers that an engine would give, the same for equal seeds, and how often noise was drawn. */
    private static final class Numbers {
        final float[] latents;
        final float[] normal;
        final float[] deviation;
        final float[] epsilon;
        final float[] region = new float[CELLS];
        final float[] drawn;
        final AtomicInteger draws = new AtomicInteger();

        Numbers(long seed) {
            var random = new SplittableRandom(seed);
            latents = normals(random);
            normal = normals(random);
            deviation = normals(random);
            for (int i = 0; i < LENGTH; i++) {
                deviation[i] = Math.abs(deviation[i]);
            }
            epsilon = normals(random);
            drawn = normals(random);
            for (int i = 0; i < CELLS; i++) {
                region[i] = random.nextInt(2);
            }
        }

        private static float[] normals(SplittableRandom random) {
            var values = new float[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                values[i] = (float) random.nextGaussian();
            }
            return values;
        }

        float[] draw() {
            draws.incrementAndGet();
            return drawn.clone();
        }

        Surroundings surroundings() {
            return new Surroundings(
                    normal, epsilon, region, 1, region.length, 0.7, Math.sqrt(0.51), 0.8, 0.6, this::draw);
        }

        List<List<Integer>> inputs() {
            return List.of(
                    StrategyChecks.bits(latents),
                    StrategyChecks.bits(normal),
                    StrategyChecks.bits(deviation),
                    StrategyChecks.bits(epsilon),
                    StrategyChecks.bits(region));
        }
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var conditioning = conditioning();
        StrategyChecks.assertPure(() -> {
            var n = new Numbers(1);
            return List.of(
                    StrategyChecks.bits(conditioning.normalLatents(n.normal, n.deviation, n::draw)),
                    StrategyChecks.bits(conditioning.start(n.normal, n.epsilon, 0.6, 0.8)),
                    StrategyChecks.bits(conditioning.blend(n.latents, n.surroundings())));
        });
    }

    @Test
    void givesNewArraysOfTheSameLengthAndLeavesItsInputsAsTheyAre() {
        var n = new Numbers(2);
        var before = n.inputs();
        float[] clean = conditioning().normalLatents(n.normal, n.deviation, n::draw);
        float[] start = conditioning().start(n.normal, n.epsilon, 0.6, 0.8);
        float[] blended = conditioning().blend(n.latents, n.surroundings());
        for (float[] result : List.of(clean, start, blended)) {
            assertThat(result).hasSize(LENGTH);
            assertThat(List.of(n.latents, n.normal, n.deviation, n.epsilon)).noneMatch(input -> input == result);
        }
        assertThat(n.inputs()).isEqualTo(before);
    }

    @Test
    void drawsNoiseAtMostOnce() {
        var posterior = new Numbers(3);
        conditioning().normalLatents(posterior.normal, posterior.deviation, posterior::draw);
        assertThat(posterior.draws).hasValueLessThanOrEqualTo(1);
        var background = new Numbers(3);
        conditioning().blend(background.latents, background.surroundings());
        assertThat(background.draws).hasValueLessThanOrEqualTo(1);
    }

    @Test
    void takesAPictureWithoutAGaussianAsItIs() {
        var n = new Numbers(4);
        float[] clean = conditioning().normalLatents(n.normal, new float[LENGTH], n::draw);
        assertThat(clean).containsExactly(n.normal);
    }

    /** Levels of the first and the last step, of states as DDIM has them and as Euler has them. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-3, 1, 14.6})
    void staysFiniteAtEveryNoiseLevel(double sigma) {
        var n = new Numbers(5);
        double root = Math.sqrt(1 + sigma * sigma);
        for (double scale : new double[] {1, root}) {
            double signal = scale / root;
            double noise = scale * sigma / root;
            var surroundings = new Surroundings(
                    n.normal, n.epsilon, n.region, 1, n.region.length, signal, noise, signal, noise, n::draw);
            for (float value : conditioning().blend(n.latents, surroundings)) {
                assertThat(value).isFinite();
            }
            for (float value : conditioning().start(n.normal, n.epsilon, signal, noise)) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void keepsTheLatentsInsideTheRegion() {
        assumeTrue(keepsTheLatentsInside());
        var n = new Numbers(6);
        float[] blended = conditioning().blend(n.latents, n.surroundings());
        for (int i = 0; i < LENGTH; i++) {
            if (n.region[i % CELLS] == 1) {
                assertThat(blended[i]).as("number %d", i).isEqualTo(n.latents[i]);
            }
        }
    }

    @Test
    void outsideTheRegionItIsAllTheSameWhatTheLatentsWere() {
        assumeTrue(dropsTheLatentsOutside());
        var n = new Numbers(7);
        float[] blended = conditioning().blend(n.latents, n.surroundings());
        float[] other = conditioning().blend(new Numbers(8).latents, n.surroundings());
        for (int i = 0; i < LENGTH; i++) {
            if (n.region[i % CELLS] == 0) {
                assertThat(blended[i]).as("number %d", i).isEqualTo(other[i]);
            }
        }
    }
}
