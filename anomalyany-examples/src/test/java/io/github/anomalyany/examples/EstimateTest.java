// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {
    @Test
    void nothingHasNoMean() {
        assertThat(Estimate.of().mean()).isNaN();
        assertThat(Estimate.of().isClear()).isFalse();
    }

    @Test
    void oneValueHasNoErrorAndIsNeverClear() {
        var estimate = Estimate.of(7);

        assertThat(estimate.mean()).isEqualTo(7);
        assertThat(estimate.error()).isNaN();
        assertThat(estimate.isClear()).isFalse();
        assertThat(estimate.format(1)).isEqualTo("7.0");
    }

    @Test
    void errorIsTheDeviationOverTheRootOfTheCount() {
        var estimate = Estimate.of(2, 4, 4, 6);

        assertThat(estimate.mean()).isEqualTo(4);
        assertThat(estimate.error()).isCloseTo(Math.sqrt(8 / 3.0 / 4), within(1e-12));
    }

    @Test
    void clearIsMoreThanTwoErrorsFromZero() {
        assertThat(Estimate.of(-2, -4, -4, -6).isClear()).isTrue();
        assertThat(new Estimate(2, 1).isClear()).isFalse();
        assertThat(new Estimate(2.01, 1).isClear()).isTrue();
        assertThat(Estimate.of(0, 0, 0).isClear()).isFalse();
    }

    @Test
    void writesSignsButNotThatOfZero() {
        assertThat(new Estimate(1.25, .5).formatSigned(2)).isEqualTo("+1.25 ± 0.50");
        assertThat(new Estimate(-1.25, .5).formatSigned(2)).isEqualTo("-1.25 ± 0.50");
        assertThat(new Estimate(-.001, .5).formatSigned(2)).isEqualTo("0.00 ± 0.50");
        assertThat(new Estimate(-10, 0).format(0)).isEqualTo("-10 ± 0");
    }
}
