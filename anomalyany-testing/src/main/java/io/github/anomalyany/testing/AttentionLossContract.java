// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link AttentionLoss} must do. A subclass gives the loss, and says so where a law isn't one of its own. */
public abstract class AttentionLossContract {
    private static final int STEPS = 25;
    private static final double STEP = 5e-4;
    /** What a smoothed map's rounding to floats does to a difference. */
    private static final double ROUNDED = 0x1p-25;
    /** Further apart than the differences move any value of a smoothed map. */
    private static final double CLEARLY = 0.03;
    /** Rounding of sums in another order. */
    private static final double ROUNDING = 1e-6;

    private static final List<AttentionMaps.Word> WORDS =
            List.of(new AttentionMaps.Word("deep", List.of(1)), new AttentionMaps.Word("crack", List.of(3, 4, 5)));
    /** Two positions that are no word's. */
    private static final int OTHER = 2;

    private static final int ANOTHER = 6;

    /** For subclasses. */
    protected AttentionLossContract() {}

    /**
     * The loss to check.
     *
     * @return the loss
     */
    protected abstract AttentionLoss loss();

    /**
     * Whether words may be named in any order.
     *
     * @return default true
     */
    protected boolean ignoresTheOrderOfWords() {
        return true;
    }

    /**
     * Whether only the attention of the words and that of all others together counts, not which other has it.
     *
     * @return default true
     */
    protected boolean ignoresTheOrderOfOtherTokens() {
        return true;
    }

    /**
     * Whether even attention has the same loss on every grid. A sum over cells hasn't: its gradient, and with it the step size
     * to set, grows with the picture.
     *
     * @return default true
     */
    protected boolean hasTheSameScaleOnEveryGrid() {
        return true;
    }

    /**
     * Seeds of random maps.
     *
     * @return seeds
     */
    protected static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> loss().description());
    }

    @Test
    void isFiniteWhereAllAttentionIsOnOneTokenOrOnNone() {
        var region = new float[12];
        Arrays.fill(region, 5, 9, 0.5f);
        for (int on = -1; on < 8; on++) {
            var values = new float[8 * 12];
            if (on >= 0) {
                Arrays.fill(values, on * 12, (on + 1) * 12, 1);
            }
            var maps = new AttentionMaps(8, 3, 4, values, WORDS, region);
            StrategyChecks.assertFinite(loss().evaluate(maps, step(0)), "all attention on token " + on);
        }
    }

    @Test
    void isFiniteAtEveryStep() {
        AttentionMaps maps = maps(1);
        for (int step = 0; step < STEPS; step++) {
            for (int pass : new int[] {0, 1, 19}) {
                var info = new StepInfo(step, STEPS, 10.0 * (STEPS - step), pass);
                StrategyChecks.assertFinite(loss().evaluate(maps, info), info.toString());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theGradientEqualsCentralDifferences(long seed) {
        AttentionMaps maps = maps(seed);
        var loss = loss();
        GradientCheck.assertMatches(
                values -> loss.evaluate(with(maps, values, maps.words()), step(seed)),
                maps.values(),
                STEP,
                ROUNDED,
                seed);
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var loss = loss();
        StrategyChecks.assertPure(() -> seeds().limit(5)
                .mapToObj(seed -> StrategyChecks.bits(loss.evaluate(maps(seed), step(seed))))
                .toList());
    }

    @Test
    void leavesTheMapsAsTheyAre() {
        AttentionMaps maps = maps(2);
        float[] values = maps.values().clone();
        float[] region = maps.region().clone();
        LossAndGradient loss = loss().evaluate(maps, step(2));
        assertThat(maps.values()).containsExactly(values);
        assertThat(maps.region()).containsExactly(region);
        assertThat(loss.gradient()).isNotSameAs(maps.values());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theOrderOfTheWordsMakesNoDifference(long seed) {
        assumeTrue(ignoresTheOrderOfWords());
        AttentionMaps maps = maps(seed);
        var reversed = with(maps, maps.values(), List.of(WORDS.get(1), WORDS.get(0)));
        assertClose(loss().evaluate(reversed, step(seed)), loss().evaluate(maps, step(seed)), seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whichOtherTokenHasTheAttentionMakesNoDifference(long seed) {
        assumeTrue(ignoresTheOrderOfOtherTokens());
        AttentionMaps maps = maps(seed);
        LossAndGradient swapped = loss().evaluate(with(maps, swapped(maps.values(), maps), WORDS), step(seed));
        LossAndGradient back = new LossAndGradient(swapped.loss(), swapped(swapped.gradient(), maps));
        assertClose(back, loss().evaluate(maps, step(seed)), seed);
    }

    @Test
    void evenAttentionHasTheSameLossOnEveryGrid() {
        assumeTrue(hasTheSameScaleOnEveryGrid());
        double small = evenLoss(4, 4);
        assertThat(evenLoss(16, 16)).isCloseTo(small, within(ROUNDING));
        assertThat(evenLoss(7, 11)).isCloseTo(small, within(ROUNDING));
    }

    private double evenLoss(int rows, int columns) {
        var values = new float[8 * rows * columns];
        Arrays.fill(values, 1f / 8);
        var region = new float[rows * columns];
        Arrays.fill(region, 1);
        return loss().evaluate(new AttentionMaps(8, rows, columns, values, WORDS, region), step(0))
                .loss();
    }

    private static void assertClose(LossAndGradient actual, LossAndGradient expected, long seed) {
        assertThat(actual.loss()).as("loss, seed %d", seed).isCloseTo(expected.loss(), within(ROUNDING));
        float largest = 0;
        for (float g : expected.gradient()) {
            largest = Math.max(largest, Math.abs(g));
        }
        assertThat(actual.gradient()).as("gradient, seed %d", seed).containsExactly(expected.gradient(), within((float)
                (ROUNDING * largest)));
    }

    private static StepInfo step(long seed) {
        int step = (int) seed % STEPS;
        return new StepInfo(step, STEPS, 10.0 * (STEPS - step), 0);
    }

    /** Maps whose maxima are clear: at a tie, a maximum has no derivative. */
    private static AttentionMaps maps(long seed) {
        var random = new SplittableRandom(seed);
        AttentionMaps maps = draw(random);
        while (!hasClearMaxima(maps)) {
            maps = draw(random);
        }
        return maps;
    }

    /**
     * Attention on grids of odd shapes, with a region in parts. One word has a peak inside it, strong or weak, and a higher one
     * outside, the other word has one inside.
     */
    private static AttentionMaps draw(SplittableRandom random) {
        int positions = 8 + random.nextInt(6);
        int rows = 1 + random.nextInt(5);
        int columns = 4 + random.nextInt(4);
        int cells = rows * columns;
        var values = new float[positions * cells];
        for (int i = 0; i < values.length; i++) {
            int position = i / cells;
            boolean ofAWord = WORDS.stream().anyMatch(word -> word.positions().contains(position));
            values[i] = (float) (ofAWord ? random.nextDouble(0, 0.005) : random.nextDouble(0.02, 0.05));
        }
        var region = new float[cells];
        for (int i = 0; i < cells; i++) {
            region[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble();
        }
        int one = random.nextInt(cells);
        int other = (one + 1 + random.nextInt(cells - 2)) % cells;
        int outside = (one + cells - 1) % cells;
        region[one] = (float) random.nextDouble(0.9, 1);
        region[other] = (float) random.nextDouble(0.9, 1);
        region[outside] = 0;
        boolean strong = random.nextBoolean();
        values[cells + one] = strong ? 0.06f : 0.03f;
        values[cells + outside] = strong ? 0.075f : 0.04f;
        for (int position : WORDS.get(1).positions()) {
            values[position * cells + other] = 0.06f;
        }
        return new AttentionMaps(positions, rows, columns, values, WORDS, region);
    }

    private static boolean hasClearMaxima(AttentionMaps maps) {
        var smoothed = SmoothedAttention.of(maps);
        float[][] words = {smoothed.map(WORDS.get(0)), smoothed.map(WORDS.get(1))};
        return areClear(words[0], words[1]) && areClear(times(words[0], maps.region()), times(words[1], maps.region()));
    }

    private static float[] times(float[] map, float[] region) {
        var product = map.clone();
        for (int i = 0; i < product.length; i++) {
            product[i] *= region[i];
        }
        return product;
    }

    private static boolean areClear(float[] one, float[] other) {
        float[] first = one.clone();
        float[] second = other.clone();
        Arrays.sort(first);
        Arrays.sort(second);
        int last = one.length - 1;
        return first[last] - first[last - 1] > CLEARLY
                && second[last] - second[last - 1] > CLEARLY
                && Math.abs(first[last] - second[last]) > CLEARLY;
    }

    private static AttentionMaps with(AttentionMaps maps, float[] values, List<AttentionMaps.Word> words) {
        return new AttentionMaps(maps.positions(), maps.rows(), maps.columns(), values, words, maps.region());
    }

    private static float[] swapped(float[] values, AttentionMaps maps) {
        int cells = maps.rows() * maps.columns();
        var swapped = values.clone();
        System.arraycopy(values, OTHER * cells, swapped, ANOTHER * cells, cells);
        System.arraycopy(values, ANOTHER * cells, swapped, OTHER * cells, cells);
        return swapped;
    }
}
