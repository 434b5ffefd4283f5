// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.noise.NoiseSource.Purpose;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link NoiseSource} must do. A subclass gives the source. */
public abstract class NoiseSourceContract {
    /** For subclasses. */
    protected NoiseSourceContract() {}

    /**
     * The source to check.
     *
     * @return the source
     */
    protected abstract NoiseSource source();

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> source().description());
    }

    @Test
    void rejectsNegativeNumbersAndNamesThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().open(1, -1))
                .withMessageContaining("image")
                .withMessageContaining("was -1");
        var stream = source().open(1, 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.normal(Purpose.STEP, -2, 1))
                .withMessageContaining("step")
                .withMessageContaining("was -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> stream.normal(Purpose.STEP, 0, -3))
                .withMessageContaining("count")
                .withMessageContaining("was -3");
    }

    @Test
    void givesAsManyNumbersAsWereAskedForInNewArrays() {
        var stream = source().open(1, 0);
        assertThat(stream.normal(Purpose.STEP, 0, 0)).isEmpty();
        for (int count : new int[] {1, 2, 15, 16, 17, 1021}) {
            assertThat(stream.normal(Purpose.INITIAL, 0, count)).hasSize(count);
        }
        assertThat(stream.normal(Purpose.INITIAL, 0, 9)).isNotSameAs(stream.normal(Purpose.INITIAL, 0, 9));
    }

    @Test
    void givesTheSameAgainAndToTwoThreadsAtOnce() throws Exception {
        var source = source();
        StrategyChecks.assertPure(() -> IntStream.range(0, 20)
                .mapToObj(i -> {
                    var stream = source.open(7L * i, i);
                    return StrategyChecks.bits(stream.normal(Purpose.INITIAL, 0, 1000))
                            + " "
                            + StrategyChecks.bits(stream.normal(Purpose.STEP, i, 100));
                })
                .toList());
    }

    @Test
    void everySeedImageAndStepHasNumbersOfItsOwn() {
        var seen = new HashSet<Object>();
        // three apart, since a source may add the image to the seed
        for (long seed = -3; seed < 4; seed += 3) {
            for (int image = 0; image < 3; image++) {
                var stream = source().open(seed, image);
                for (int step = 0; step < 3; step++) {
                    assertThat(seen.add(StrategyChecks.bits(stream.normal(Purpose.STEP, step, 16))))
                            .as("seed %d, image %d, step %d", seed, image, step)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void numbersAreStandardNormal() {
        int count = 200_000;
        float[] values = source().open(11, 2).normal(Purpose.INITIAL, 0, count);
        double mean = 0;
        double square = 0;
        double fourth = 0;
        double neighbours = 0;
        for (int i = 0; i < count; i++) {
            double v = values[i];
            mean += v / count;
            square += v * v / count;
            fourth += v * v * v * v / count;
            neighbours += v * values[(i + 1) % count] / count;
        }
        assertThat(mean).isCloseTo(0, within(0.01));
        assertThat(square).isCloseTo(1, within(0.015));
        assertThat(fourth).isCloseTo(3, within(0.15));
        assertThat(neighbours).isCloseTo(0, within(0.01));
    }
}
