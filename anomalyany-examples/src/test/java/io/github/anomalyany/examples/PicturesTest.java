// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.examples.Pictures.Panel;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PicturesTest {
    private static final int WHITE = 0xffffff;
    private static final int TOP = 8 + PixelText.HEIGHT + 8;

    @Test
    void refusesSheetOfNothing() {
        assertThatThrownBy(() -> Pictures.contactSheet(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesLabelItCannotWrite() {
        var panel = new Panel("Größe", photo(3, 3));

        assertThatThrownBy(() -> Pictures.contactSheet(List.of(panel)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Größe");
    }

    @Test
    void sheetShowsThePicturesFromLeftToRightAsTheyAre() {
        var first = photo(120, 101);
        var second = photo(130, 97);

        var sheet = Pictures.contactSheet(List.of(new Panel("normal", first), new Panel("mask", second)));

        assertThat(sheet.width()).isEqualTo(8 + 120 + 8 + 130 + 8);
        assertThat(sheet.height()).isEqualTo(TOP + 101 + 8);
        assertThat(sheet.crop(new Region(8, TOP, 120, 101))).isEqualTo(first);
        assertThat(sheet.crop(new Region(136, TOP, 130, 97))).isEqualTo(second);
        assertThat(sheet.rgb(130, TOP + 40)).isEqualTo(WHITE);
    }

    @Test
    void labelsStandAboveTheirPictures() {
        var sheet = Pictures.contactSheet(List.of(new Panel("a", photo(50, 9)), new Panel(" ", photo(50, 9))));

        assertThat(sheet.crop(new Region(8, 8, 50, PixelText.HEIGHT)).toBytes()).contains(0);
        assertThat(sheet.crop(new Region(66, 8, 50, PixelText.HEIGHT)).toBytes())
                .containsOnly((byte) 0xff);
    }

    @Test
    void labelsWiderThanTheirPicturesDoNotOverlap() {
        var sheet = Pictures.contactSheet(List.of(new Panel("anomaly", photo(2, 2)), new Panel("map", photo(2, 2))));

        assertThat(sheet.width()).isEqualTo(8 + PixelText.width("anomaly") + 8 + PixelText.width("map") + 8);
    }

    @Test
    void stackPutsPicturesBelowEachOtherOnWhite() {
        var first = photo(12, 5);
        var second = photo(20, 7);

        var stack = Pictures.stack(List.of(first, second));

        assertThat(stack.width()).isEqualTo(20);
        assertThat(stack.height()).isEqualTo(12);
        assertThat(stack.crop(new Region(0, 0, 12, 5))).isEqualTo(first);
        assertThat(stack.crop(new Region(0, 5, 20, 7))).isEqualTo(second);
        assertThat(stack.rgb(12, 0)).isEqualTo(WHITE);
    }

    @Test
    void largePicturesAreMadeSmallerInProportion() {
        var sheet = Pictures.contactSheet(List.of(new Panel("normal", photo(1024, 600))));

        assertThat(sheet.width()).isEqualTo(8 + 512 + 8);
        assertThat(sheet.height()).isEqualTo(TOP + 300 + 8);
    }

    private static RgbImage photo(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        var random = new SplittableRandom(width * 31L + height);
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) random.nextInt(1, 255);
        }
        return RgbImage.of(width, height, rgb);
    }
}
