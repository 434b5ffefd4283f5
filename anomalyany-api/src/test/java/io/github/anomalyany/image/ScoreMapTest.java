// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.internal.image.HeatColors;
import org.junit.jupiter.api.Test;

class ScoreMapTest {
    private final ScoreMap map = ScoreMap.of(3, 2, new float[] {0, 0.5f, 1, -1, 2, 0.25f});

    @Test
    void rejectsSizesAndValuesThatDoNotFit() {
        assertThatThrownBy(() -> ScoreMap.of(2, 2, new float[3]))
                .hasMessage("values must have 2·2 = 4 values but had 3");
        assertThatThrownBy(() -> ScoreMap.of(2, 0, new float[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ScoreMap.of(2, 2, new float[] {0, 0, 0, Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("values must be finite but (1, 1) was NaN");
        assertThatThrownBy(() -> ScoreMap.of(1, 1, new float[] {Float.NEGATIVE_INFINITY}))
                .hasMessage("values must be finite but (0, 0) was -Infinity");
    }

    @Test
    void rejectsPixelsOutsideAndThresholdsThatAreNoNumber() {
        assertThatThrownBy(() -> map.value(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> map.threshold(Float.NaN)).hasMessage("threshold must be a number but was NaN");
        assertThatThrownBy(() -> map.resizeBilinear(0, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ownsItsValues() {
        float[] values = {1, 2};
        var own = ScoreMap.of(2, 1, values);
        values[0] = 9;
        own.toArray()[1] = 9;
        assertThat(own.toArray()).containsExactly(1, 2);
        assertThat(own).isEqualTo(ScoreMap.of(2, 1, new float[] {1, 2})).hasToString("ScoreMap[2×1]");
    }

    @Test
    void thresholdIsStrict() {
        assertThat(map.threshold(0.5f))
                .isEqualTo(Mask.of(3, 2, new boolean[] {false, false, true, false, true, false}));
        assertThat(map.max()).isEqualTo(2);
        assertThat(map.value(2, 1)).isEqualTo(0.25f);
    }

    @Test
    void showsZeroToOneAsBlackToWhite() {
        var image = map.toImage();
        assertThat(image.rgb(0, 0)).isZero();
        assertThat(image.rgb(1, 0)).isEqualTo(0x808080);
        assertThat(image.rgb(2, 0)).isEqualTo(0xffffff);
        assertThat(image.rgb(0, 1)).isZero();
        assertThat(image.rgb(1, 1)).isEqualTo(0xffffff);
    }

    @Test
    void resizesBilinearly() {
        assertThat(ScoreMap.of(2, 1, new float[] {0, 1}).resizeBilinear(4, 2).toArray())
                .containsExactly(0, 0.25f, 0.75f, 1, 0, 0.25f, 0.75f, 1);
        assertThat(map.resizeBilinear(3, 2)).isEqualTo(map);
    }

    @Test
    void refusesOverlaysOfAnotherSizeOrWithoutAScale() {
        var photo = RgbImage.of(2, 3, new byte[18]);
        assertThatThrownBy(() -> map.overlay(photo, 0, 1))
                .hasMessage("the photo must be 3×2 as the map is, but was 2×3");
        var fitting = RgbImage.of(3, 2, new byte[18]);
        assertThatThrownBy(() -> map.overlay(fitting, 1, 1))
                .hasMessage("low must be below high but they were 1.0 and 1.0");
        assertThatThrownBy(() -> map.overlay(fitting, 0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void overlayShowsThePhotoUpToTheLowLimitAndTheLastColorFromTheHighOne() {
        var grey = new byte[18];
        java.util.Arrays.fill(grey, (byte) 100);
        var photo = RgbImage.of(3, 2, grey);
        var overlay = map.overlay(photo, 0.25, 1);
        assertThat(overlay.rgb(0, 0)).isEqualTo(0x646464);
        assertThat(overlay.rgb(0, 1)).isEqualTo(0x646464);
        assertThat(overlay.rgb(2, 1)).isEqualTo(0x646464);
        assertThat(overlay.rgb(1, 0)).isNotEqualTo(0x646464);
        int color = HeatColors.rgb(1);
        for (int shift = 0; shift <= 16; shift += 8) {
            int expected = (int) Math.round(100 + 0.85 * ((color >> shift & 0xff) - 100));
            assertThat(overlay.rgb(2, 0) >> shift & 0xff).isEqualTo(expected);
            assertThat(overlay.rgb(1, 1) >> shift & 0xff).isEqualTo(expected);
        }
    }
}
