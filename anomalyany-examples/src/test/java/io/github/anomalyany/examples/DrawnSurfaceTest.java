// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DrawnSurfaceTest {
    @Test
    void equalSeedsGiveEqualPictures() {
        // on every Java runtime: so the fingerprints, not another drawing
        assertThat(DrawnSurface.metal(0).sha256())
                .isEqualTo("b211a5950db43bce3658bede34ed50c45775636c726c0c73922b6159c176fbd4");
        assertThat(DrawnSurface.tile(0).sha256())
                .isEqualTo("54da16e38639a2c1d183151bb46b4fa2e171e21a23b7828503bbc8b3b5068de7");
    }

    @Test
    void otherSeedsGiveOtherPictures() {
        assertThat(DrawnSurface.metal(1)).isNotEqualTo(DrawnSurface.metal(2));
        assertThat(DrawnSurface.tile(1)).isNotEqualTo(DrawnSurface.tile(2));
    }
}
