// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class VectorMathTest {
    @Test
    void logarithmIsAccurateToSinglePrecision() {
        var random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            float x = (float) Math.exp(random.nextDouble(-17, 10));
            double exact = Math.log(x);
            assertThat((double) VectorMath.log(x))
                    .as("log(%s)", x)
                    .isCloseTo(exact, within(1e-7 + 2e-7 * Math.abs(exact)));
        }
        assertThat(VectorMath.log(1f)).isZero();
    }

    @Test
    void sineAndCosineAreAccurateToSinglePrecision() {
        var random = new SplittableRandom(2);
        for (int i = 0; i < 100_000; i++) {
            float angle = (float) random.nextDouble(2 * Math.PI);
            assertThat((double) VectorMath.sin(angle)).as("sin(%s)", angle).isCloseTo(Math.sin(angle), within(2e-7));
            assertThat((double) VectorMath.cos(angle)).as("cos(%s)", angle).isCloseTo(Math.cos(angle), within(2e-7));
        }
    }
}
