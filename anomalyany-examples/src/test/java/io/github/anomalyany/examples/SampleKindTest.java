// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleKindTest {
    @ParameterizedTest
    @EnumSource
    void regionCoversAModestPartOfEachPicture(SampleKind kind) throws IOException {
        for (int seed = 0; seed < SampleKind.PICTURES; seed++) {
            var one = new AblationCase(kind, "crack", seed);
            var normal = one.normal();
            double share = (double) one.region(normal).area() / normal.width() / normal.height();

            assertThat(share).as("seed %d", seed).isBetween(0.04, 0.16);
        }
    }

    @ParameterizedTest
    @EnumSource
    void picturesDifferAndRepeat(SampleKind kind) throws IOException {
        assertThat(kind.normal(1)).isNotEqualTo(kind.normal(0));
        assertThat(kind.normal(SampleKind.PICTURES + 1)).isEqualTo(kind.normal(1));
    }
}
