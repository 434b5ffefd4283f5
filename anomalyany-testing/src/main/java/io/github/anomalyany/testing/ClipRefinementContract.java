// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.StepInfo;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every {@link ClipRefinement} must do. A subclass gives the loss, and says so where a law isn't one of its own. */
public abstract class ClipRefinementContract {
    private static final int STEPS = 25;

    /** For subclasses. */
    protected ClipRefinementContract() {}

    /**
     * The loss to check.
     *
     * @return the loss
     */
    protected abstract ClipRefinement refinement();

    /**
     * Whether only the directions of the two embeddings count, as in CLIP itself, not their lengths.
     *
     * @return default true
     */
    protected boolean ignoresLengths() {
        return true;
    }

    /**
     * Seeds of random embeddings.
     *
     * @return seeds
     */
    protected static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    /**
     * Two embeddings.
     *
     * @param image of the picture
     * @param text of the description
     */
    @SuppressWarnings("ArrayRecordComponent") // a pair of arguments, never compared
    private record Pair(float[] image, float[] text) {}

    /** Cosines from −1 to 1, odd lengths, and norms unlike each other. */
    private static Pair pair(long seed) {
        var random = new SplittableRandom(seed);
        int length = 5 + random.nextInt(60);
        double share = random.nextDouble(-1, 1);
        double norm = random.nextDouble(1, 20);
        var image = new float[length];
        var text = new float[length];
        for (int i = 0; i < length; i++) {
            double both = random.nextGaussian();
            image[i] = (float) both;
            text[i] = (float) (norm * (share * both + (1 - Math.abs(share)) * random.nextGaussian()));
        }
        return new Pair(image, text);
    }

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> refinement().description());
    }

    @Test
    void refusesEmbeddingsOfDifferentLengths() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> refinement().evaluate(new float[] {1, 2, 3}, new float[] {1, 2}, step(0)))
                .withMessageContaining("3")
                .withMessageContaining("2");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theGradientEqualsCentralDifferences(long seed) {
        Pair pair = pair(seed);
        var refinement = refinement();
        GradientCheck.assertMatches(
                image -> refinement.evaluate(image, pair.text, step(seed)), pair.image, 1e-3, 1e-12, seed);
    }

    @Test
    void isFiniteAtEveryStepAndForParallelEmbeddings() {
        Pair pair = pair(3);
        for (int step = 0; step < STEPS; step++) {
            StrategyChecks.assertFinite(refinement().evaluate(pair.image, pair.text, step(step)), "step " + step);
        }
        StrategyChecks.assertFinite(refinement().evaluate(pair.image, pair.image, step(0)), "parallel");
        StrategyChecks.assertFinite(refinement().evaluate(pair.image, scaled(pair.image, -1), step(0)), "opposite");
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var refinement = refinement();
        StrategyChecks.assertPure(() -> seeds().mapToObj(
                        seed -> StrategyChecks.bits(refinement.evaluate(pair(seed).image, pair(seed).text, step(seed))))
                .toList());
    }

    @Test
    void leavesTheEmbeddingsAsTheyAre() {
        Pair pair = pair(2);
        LossAndGradient loss = refinement().evaluate(pair.image, pair.text, step(0));
        assertThat(pair.image).containsExactly(pair(2).image);
        assertThat(pair.text).containsExactly(pair(2).text);
        assertThat(loss.gradient()).isNotSameAs(pair.image).isNotSameAs(pair.text);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLengthsOfTheEmbeddingsMakeNoDifference(long seed) {
        assumeTrue(ignoresLengths());
        Pair pair = pair(seed);
        LossAndGradient one = refinement().evaluate(pair.image, pair.text, step(seed));
        LossAndGradient other = refinement().evaluate(scaled(pair.image, 4), scaled(pair.text, 0.25f), step(seed));
        assertThat(other.loss()).as("loss, seed %d", seed).isCloseTo(one.loss(), within(1e-9));
        assertThat(scaled(other.gradient(), 4))
                .as("gradient, seed %d", seed)
                .containsExactly(one.gradient(), within(1e-6f));
    }

    private static float[] scaled(float[] values, float factor) {
        var scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    private static StepInfo step(long seed) {
        int step = (int) seed % STEPS;
        return new StepInfo(step, STEPS, 10.0 * (STEPS - step), 0);
    }
}
