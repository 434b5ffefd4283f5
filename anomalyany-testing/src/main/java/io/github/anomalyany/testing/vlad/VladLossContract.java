// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.testing.GradientCheck;
import io.github.anomalyany.testing.StrategyChecks;
import io.github.anomalyany.vlad.VladLoss;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link VladLoss} must do. A subclass gives the loss, and says so where a law isn't one of its own. */
public abstract class VladLossContract {
    private static final double STEP = 5e-4;
    /** Rounding of sums in double precision. */
    private static final double ROUNDED = 1e-12;
    /** Rounding of sums in another order. */
    private static final double ROUNDING = 1e-6;

    /** For subclasses. */
    protected VladLossContract() {}

    /**
     * The loss to check.
     *
     * @return the loss
     */
    protected abstract VladLoss loss();

    /**
     * Whether it is a mean over pictures, so that the step size to set doesn't grow with the batch.
     *
     * @return default true
     */
    protected boolean isAMeanOverPictures() {
        return true;
    }

    /**
     * Seeds of random batches.
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
    void isFiniteWhereScoresAreZeroOrOne() {
        for (float score : new float[] {0, 1}) {
            for (float label : new float[] {0, 0.5f, 1}) {
                var pixelLabels = filled(6, label);
                var batch = new VladLoss.Batch(new float[] {0, 1}, filled(2, score), pixelLabels, filled(6, score));
                String when = "scores %s, labels %s".formatted(score, label);
                StrategyChecks.assertFinite(joined(loss().evaluate(batch)), when);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void givesADerivativeForEachScore(long seed) {
        var batch = batch(seed);
        var value = loss().evaluate(batch);
        assertThat(value.imageGradient()).as("pictures, seed %d", seed).hasSameSizeAs(batch.imageScores());
        assertThat(value.pixelGradient()).as("pixels, seed %d", seed).hasSameSizeAs(batch.pixelScores());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theGradientEqualsCentralDifferences(long seed) {
        var batch = batch(seed);
        var loss = loss();
        int pictures = batch.pictures();
        GradientCheck.assertMatches(
                scores -> joined(loss.evaluate(new VladLoss.Batch(
                        batch.imageLabels(),
                        Arrays.copyOf(scores, pictures),
                        batch.pixelLabels(),
                        Arrays.copyOfRange(scores, pictures, scores.length)))),
                joined(batch.imageScores(), batch.pixelScores()),
                STEP,
                ROUNDED,
                seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void rightScoresAreBetterThanWrongOnes(long seed) {
        var drawn = batch(seed);
        float[] labels = drawn.pixelLabels();
        for (int i = 0; i < labels.length; i++) {
            labels[i] = labels[i] > 0.5f ? 1 : 0;
        }
        var right = new VladLoss.Batch(drawn.imageLabels(), drawn.imageLabels(), labels, labels);
        var wrong = new VladLoss.Batch(drawn.imageLabels(), inverted(drawn.imageLabels()), labels, inverted(labels));
        assertThat(loss().evaluate(right).loss())
                .as("seed %d", seed)
                .isLessThan(loss().evaluate(wrong).loss());
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var loss = loss();
        StrategyChecks.assertPure(() -> seeds().limit(5)
                .mapToObj(seed -> StrategyChecks.bits(joined(loss.evaluate(batch(seed)))))
                .toList());
    }

    @Test
    void leavesTheBatchAsItIs() {
        var batch = batch(3);
        var value = loss().evaluate(batch);
        var drawn = batch(3);
        assertThat(batch.imageLabels()).containsExactly(drawn.imageLabels());
        assertThat(batch.imageScores()).containsExactly(drawn.imageScores());
        assertThat(batch.pixelLabels()).containsExactly(drawn.pixelLabels());
        assertThat(batch.pixelScores()).containsExactly(drawn.pixelScores());
        assertThat(value.imageGradient()).isNotSameAs(batch.imageLabels()).isNotSameAs(batch.imageScores());
        assertThat(value.pixelGradient()).isNotSameAs(batch.pixelLabels()).isNotSameAs(batch.pixelScores());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theSamePicturesTwiceHaveTheSameLoss(long seed) {
        assumeTrue(isAMeanOverPictures());
        var once = batch(seed);
        var twice = new VladLoss.Batch(
                joined(once.imageLabels(), once.imageLabels()),
                joined(once.imageScores(), once.imageScores()),
                joined(once.pixelLabels(), once.pixelLabels()),
                joined(once.pixelScores(), once.pixelScores()));
        double loss = loss().evaluate(once).loss();
        assertThat(loss().evaluate(twice).loss()).as("seed %d", seed).isCloseTo(loss, within(ROUNDING * (1 + loss)));
    }

    /** One to four pictures, good and anomalous, with labels that are 0, 1 or between, and scores away from 0 and 1. */
    private static VladLoss.Batch batch(long seed) {
        var random = new SplittableRandom(seed);
        int pictures = 1 + random.nextInt(4);
        int pixels = 1 + random.nextInt(30);
        float[] imageLabels = new float[pictures];
        float[] pixelLabels = new float[pictures * pixels];
        for (int p = 0; p < pictures; p++) {
            imageLabels[p] = random.nextInt(2);
            for (int i = 0; i < pixels; i++) {
                float label = (float) Math.max(0, Math.min(1, random.nextDouble(-0.5, 1.5)));
                pixelLabels[p * pixels + i] = imageLabels[p] * label;
            }
        }
        return new VladLoss.Batch(
                imageLabels, scores(pictures, random), pixelLabels, scores(pixelLabels.length, random));
    }

    private static float[] scores(int count, SplittableRandom random) {
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            scores[i] = (float) random.nextDouble(0.03, 0.97);
        }
        return scores;
    }

    private static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }

    private static float[] inverted(float[] values) {
        float[] inverted = values.clone();
        for (int i = 0; i < inverted.length; i++) {
            inverted[i] = 1 - inverted[i];
        }
        return inverted;
    }

    private static LossAndGradient joined(VladLoss.Value value) {
        return new LossAndGradient(value.loss(), joined(value.imageGradient(), value.pixelGradient()));
    }

    private static float[] joined(float[] first, float[] second) {
        float[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
