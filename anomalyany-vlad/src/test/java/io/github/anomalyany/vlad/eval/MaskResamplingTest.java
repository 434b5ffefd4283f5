// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import org.junit.jupiter.api.Test;

class MaskResamplingTest {
    private static final Mask LEFT = Mask.rectangle(8, 8, new Region(0, 0, 4, 8));

    @Test
    void bilinearLosesADotThatCoversLessThanHalf() {
        var dot = Mask.rectangle(8, 8, new Region(2, 2, 1, 1));

        assertThat(MaskResampling.BILINEAR.resize(dot, 4, 4).isEmpty()).isTrue();
    }

    @Test
    void nearestTakesThePixelAtTheCentre() {
        var dots = Mask.rectangle(8, 8, new Region(3, 5, 1, 1));

        var resized = MaskResampling.NEAREST.resize(dots, 4, 4);
        assertThat(resized).isEqualTo(Mask.rectangle(4, 4, new Region(1, 2, 1, 1)));
    }

    @Test
    void bothKeepAnEdgeThatFallsOnTheGrid() {
        for (var how : MaskResampling.values()) {
            assertThat(how.resize(LEFT, 4, 4)).as(how.name()).isEqualTo(Mask.rectangle(4, 4, new Region(0, 0, 2, 4)));
            assertThat(how.resize(LEFT, 16, 16))
                    .as(how.name())
                    .isEqualTo(Mask.rectangle(16, 16, new Region(0, 0, 8, 16)));
        }
    }

    @Test
    void bilinearRoundsHalfUpAsPillowDoes() {
        // weights ⅛ ⅜ ⅜ ⅛: half of the second column's is set, and 127.5 becomes 128
        var three = Mask.rectangle(8, 8, new Region(0, 0, 3, 8));

        assertThat(MaskResampling.BILINEAR.resize(three, 4, 4)).isEqualTo(Mask.rectangle(4, 4, new Region(0, 0, 2, 4)));
    }

    @Test
    void otherShapesBecomeSquare() {
        var wide = Mask.rectangle(12, 4, new Region(6, 0, 6, 4));

        for (var how : MaskResampling.values()) {
            assertThat(how.resize(wide, 6, 6)).as(how.name()).isEqualTo(Mask.rectangle(6, 6, new Region(3, 0, 3, 6)));
        }
    }
}
