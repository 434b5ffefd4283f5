// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class HeatColorsTest {
    @Test
    void scoresBeyondTheScaleGetTheColorsOfItsEnds() {
        assertThat(HeatColors.rgb(-3)).isEqualTo(HeatColors.rgb(0));
        assertThat(HeatColors.rgb(Float.POSITIVE_INFINITY)).isEqualTo(HeatColors.rgb(1));
    }

    @Test
    void lightnessGrowsEvenly() {
        double dark = lightness(HeatColors.rgb(0));
        double light = lightness(HeatColors.rgb(1));
        assertThat(light - dark).isGreaterThan(70);

        for (int i = 0; i <= 20; i++) {
            double expected = dark + i / 20.0 * (light - dark);
            // CIE's lightness isn't Oklab's, so "evenly" by the one is nearly so by the other.
            assertThat(lightness(HeatColors.rgb(i / 20f))).isCloseTo(expected, Offset.offset(9.0));
        }
    }

    @Test
    void everyStepIsLighterThanTheOneBefore() {
        for (int i = 4; i <= 255; i += 4) {
            assertThat(lightness(HeatColors.rgb(i / 255f))).isGreaterThan(lightness(HeatColors.rgb((i - 4) / 255f)));
        }
    }

    /** CIE L* of a colour, which is not what the colours are computed by. */
    private static double lightness(int rgb) {
        double luminance = 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
        return 116 * Math.cbrt(luminance) - 16;
    }

    private static double linear(int channel) {
        double x = (channel & 0xff) / 255.0;
        return x <= 0.04045 ? x / 12.92 : Math.pow((x + 0.055) / 1.055, 2.4);
    }
}
