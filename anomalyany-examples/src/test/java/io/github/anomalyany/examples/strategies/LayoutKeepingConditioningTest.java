// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.Surroundings;
import io.github.anomalyany.testing.ConditioningContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutKeepingConditioningTest extends ConditioningContract {
    @Override
    protected Conditioning conditioning() {
        return new LayoutKeepingConditioning(0.5, 0.5);
    }

    /** That it mixes the picture in there is its purpose. */
    @Override
    protected boolean keepsTheLatentsInside() {
        return false;
    }

    @ParameterizedTest
    @CsvSource({"0, .5, strength", "1.1, .5, strength", "NaN, .5, strength", ".5, -.1, keep", ".5, 1.1, keep"})
    void refusesNumbersOutOfRange(double strength, double keep, String named) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayoutKeepingConditioning(strength, keep))
                .withMessageContaining(named)
                .withMessageContaining("was " + (named.equals("keep") ? keep : strength));
    }

    /** Latents of 1 before a picture of 10, no noise drawn: half of the share of noise is the picture's share inside. */
    @Test
    void mixesThePictureInWhileThereIsNoise() {
        assertThat(blended(0.8, 0.6)).containsExactly(new float[] {0.7f + 0.3f * 8, 8}, within(1e-5f));
        assertThat(blended(0, 1)).containsExactly(new float[] {0.5f, 0}, within(1e-5f));
        assertThat(blended(1, 0)).containsExactly(1, 10);
    }

    @Test
    void countsTheShareOfNoiseInScaledStatesToo() {
        assertThat(blended(4, 3)).containsExactly(new float[] {0.7f + 0.3f * 40, 40}, within(1e-5f));
    }

    private float[] blended(double signal, double noise) {
        var surroundings = new Surroundings(
                new float[] {10, 10}, new float[2], new float[] {1, 0}, 1, 2, 1, 0, signal, noise, () -> new float[2]);
        return conditioning().blend(new float[] {1, 1}, surroundings);
    }
}
