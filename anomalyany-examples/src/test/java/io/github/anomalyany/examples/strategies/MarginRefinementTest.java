// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.StepInfo;
import io.github.anomalyany.testing.ClipRefinementContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarginRefinementTest extends ClipRefinementContract {
    private static final StepInfo STEP = new StepInfo(0, 25, 251, 0);

    @Override
    protected ClipRefinement refinement() {
        return new MarginRefinement(0.4);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 1.01, Double.NaN})
    void refusesMarginsOutOfRange(double margin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MarginRefinement(margin))
                .withMessageContaining("was " + margin);
    }

    /** The cosine is 0.6. */
    @Test
    void isTheSquareOfWhatLacksAndNothingBeyondTheMargin() {
        float[] image = {3, 4};
        float[] text = {2, 0};
        assertThat(new MarginRefinement(0.8).evaluate(image, text, STEP).loss()).isCloseTo(0.04, within(1e-12));
        LossAndGradient beyond = new MarginRefinement(0.5).evaluate(image, text, STEP);
        assertThat(beyond.loss()).isZero();
        assertThat(beyond.gradient()).containsExactly(new float[2], within(0f));
    }
}
