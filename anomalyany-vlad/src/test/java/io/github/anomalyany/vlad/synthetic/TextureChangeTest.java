// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.RgbImage;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextureChangeTest {
    private static RgbImage noise(int width, int height) {
        var bytes = new byte[3 * width * height];
        new SplittableRandom(1).nextBytes(bytes);
        return RgbImage.of(width, height, bytes);
    }

    private static RgbImage ramp() {
        var bytes = new byte[3 * 256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i / 3);
        }
        return RgbImage.of(256, 1, bytes);
    }

    private static int value(RgbImage image, int x) {
        return image.rgb(x, 0) & 0xff;
    }

    @ParameterizedTest
    @EnumSource(TextureChange.class)
    void keepsTheSizeOfAnyPictureAndRepeatsItself(TextureChange change) {
        for (RgbImage image : new RgbImage[] {noise(1, 1), noise(2, 3), noise(17, 9)}) {
            RgbImage changed = change.apply(image, new Draws(4, 0));
            assertThat(changed).hasToString(image.toString());
            assertThat(change.apply(image, new Draws(4, 0))).isEqualTo(changed);
        }
    }

    @ParameterizedTest
    @EnumSource(TextureChange.class)
    void changesAPictureForSomeSeed(TextureChange change) {
        RgbImage dull = Colours.mapChannels(noise(17, 9), (c, value) -> 60 + value / 3);
        boolean changed = false;
        for (int image = 0; image < 8; image++) {
            changed |= !change.apply(dull, new Draws(5, image)).equals(dull);
        }
        assertThat(changed).isTrue();
    }

    @Test
    void posterizesToMultiplesOfAPowerOfTwo() {
        for (int image = 0; image < 20; image++) {
            RgbImage made = TextureChange.POSTERIZE.apply(ramp(), new Draws(6, image));
            long levels =
                    IntStream.range(0, 256).map(x -> value(made, x)).distinct().count();
            assertThat(Long.bitCount(levels)).as("levels %d", levels).isEqualTo(1);
            assertThat(levels).isBetween(2L, 256L);
        }
    }

    @Test
    void solarizesFromAThresholdOn() {
        int solarized = 0;
        for (int image = 0; image < 40; image++) {
            RgbImage made = TextureChange.SOLARIZE.apply(ramp(), new Draws(7, image));
            assertThat(value(made, 31)).isEqualTo(31);
            if (value(made, 200) != 200) {
                solarized++;
                assertThat(value(made, 128)).isEqualTo(127);
            }
        }
        assertThat(solarized).isBetween(8, 32);
    }

    @Test
    void stretchesAndEqualizesToTheFullRange() {
        RgbImage dull = Colours.mapChannels(ramp(), (c, value) -> 100 + value / 5);
        RgbImage stretched = Histogram.of(dull).stretch(dull, 0);
        assertThat(value(stretched, 0)).isZero();
        assertThat(value(stretched, 255)).isEqualTo(255);
        RgbImage equal = Histogram.of(dull).equalize(dull);
        assertThat(value(equal, 0)).isZero();
        assertThat(value(equal, 127)).isBetween(115, 140);
        assertThat(value(equal, 255)).isEqualTo(255);
        RgbImage cut = Histogram.of(ramp()).stretch(ramp(), 0.1);
        assertThat(value(cut, 24)).isZero();
        assertThat(value(cut, 231)).isEqualTo(255);
    }

    @Test
    void leavesOneColourToStretchingAndEqualizing() {
        RgbImage grey = Colours.mapChannels(ramp(), (c, value) -> 77);
        assertThat(Histogram.of(grey).stretch(grey, 0.2)).isEqualTo(grey);
        assertThat(Histogram.of(grey).equalize(grey)).isEqualTo(grey);
    }

    @Test
    void sharpensNothingByOneAndSmoothsByZero() {
        RgbImage image = noise(9, 9);
        assertThat(Neighbourhood.sharpen(image, 1)).isEqualTo(image);
        byte[] dot = new byte[3 * 9];
        dot[12] = (byte) 130;
        RgbImage smooth = Neighbourhood.sharpen(RgbImage.of(3, 3, dot), 0);
        assertThat(smooth.rgb(1, 1)).isEqualTo(50 << 16);
    }

    @Test
    void turnsAPictureByARightAngle() {
        byte[] bytes = new byte[3 * 9];
        bytes[9] = (byte) 200; // left of the middle
        RgbImage turned = Neighbourhood.rotate(RgbImage.of(3, 3, bytes), 90);
        assertThat(turned.rgb(1, 0) + turned.rgb(1, 2)).isEqualTo(200 << 16);
        assertThat(turned.rgb(0, 1)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "255,0,0, 120, 0,255,0",
        "255,0,0, 240, 0,0,255",
        "0,0,255, 60, 255,0,255",
        "200,100,50, 360, 200,100,50"
    })
    void turnsHues(double r, double g, double b, double degrees, double toR, double toG, double toB) {
        double[] rgb = {r, g, b};
        Colours.shift(rgb, degrees / 360, 0);
        assertThat(rgb).containsExactly(new double[] {toR, toG, toB}, within(1e-9));
    }

    @Test
    void addsAndTakesSaturation() {
        double[] rgb = {200, 100, 100};
        Colours.shift(rgb, 0, -1);
        assertThat(rgb).containsExactly(200, 200, 200);
        double[] pale = {200, 150, 150};
        Colours.shift(pale, 0, 0.25);
        assertThat(pale).containsExactly(new double[] {200, 100, 100}, within(1e-9));
    }
}
