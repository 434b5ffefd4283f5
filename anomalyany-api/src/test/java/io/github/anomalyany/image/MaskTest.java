// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskTest {
    /** Rows of '#' and '.'. */
    private static Mask mask(String... rows) {
        boolean[] pixels = new boolean[rows.length * rows[0].length()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = rows[i / rows[0].length()].charAt(i % rows[0].length()) == '#';
        }
        return Mask.of(rows[0].length(), rows.length, pixels);
    }

    @Test
    void rejectsSizesAndPixelsThatDoNotFit() {
        assertThatThrownBy(() -> Mask.of(0, 1, new boolean[0]))
                .hasMessage("width and height must be at least 1 but were 0×1");
        assertThatThrownBy(() -> Mask.of(2, 3, new boolean[5])).hasMessage("pixels must have 2·3 = 6 values but had 5");
        assertThatThrownBy(() -> Mask.full(1 << 20, 1 << 20)).hasMessageContaining("at most 536870912");
        assertThatThrownBy(() -> Mask.empty(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsPixelsOutside() {
        assertThatThrownBy(() -> mask("..").contains(2, 0))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessage("pixel (2, 0) is outside the picture of 2×1");
        assertThatThrownBy(() -> mask("..", "..").contains(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void rejectsMasksOfAnotherSize() {
        assertThatThrownBy(() -> mask("..").and(mask(".", ".")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("masks must have the same size but have 2×1 and 1×2");
    }

    @Test
    void anEmptyMaskHasNoBounds() {
        var empty = Mask.empty(4, 3);
        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.area()).isZero();
        assertThat(empty.bounds()).isEmpty();
        assertThat(empty.invert()).isEqualTo(Mask.full(4, 3));
    }

    @Test
    void boundsAreTheSmallestRectangle() {
        assertThat(mask(".....", "..#..", ".#..#", ".....").bounds()).contains(new Region(1, 1, 4, 2));
        assertThat(Mask.full(5, 2).bounds()).contains(new Region(0, 0, 5, 2));
    }

    @Test
    void rectanglesAndEllipsesAreCutOffAtTheEdge() {
        assertThat(Mask.rectangle(4, 3, new Region(-2, 1, 4, 9))).isEqualTo(mask("....", "##..", "##.."));
        assertThat(Mask.rectangle(4, 3, new Region(9, 9, 2, 2)).isEmpty()).isTrue();
        assertThat(Mask.rectangle(4, 3, new Region(1, 1, Integer.MAX_VALUE, Integer.MAX_VALUE)))
                .isEqualTo(mask("....", ".###", ".###"));
        assertThat(Mask.ellipse(6, 4, new Region(0, 0, 6, 4))).isEqualTo(mask(".####.", "######", "######", ".####."));
        assertThat(Mask.ellipse(3, 4, new Region(-3, 0, 6, 4))).isEqualTo(mask("##.", "###", "###", "##."));
        assertThat(Mask.ellipse(3, 3, new Region(1, 1, 1, 1))).isEqualTo(mask("...", ".#.", "..."));
    }

    @Test
    void combinesByPixel() {
        assertThat(mask("##..").and(mask("#.#."))).isEqualTo(mask("#..."));
        assertThat(mask("##..").invert()).isEqualTo(mask("..##"));
        assertThat(mask("##..").invert().invert()).isEqualTo(mask("##..")).hasSameHashCodeAs(mask("##.."));
        assertThat(mask("##..")).isNotEqualTo(mask("##", "..")).hasToString("Mask[4×1, 2 set]");
    }

    @Test
    void aPictureIsSetWhereAChannelIsAbove127() {
        var image = RgbImage.of(4, 1, new byte[] {127, 127, 127, (byte) 128, 0, 0, 0, 0, (byte) 255, 0, 0, 0});
        assertThat(Mask.fromImage(image)).isEqualTo(mask(".##."));
        assertThat(mask("#.").toImage().toBytes()).containsExactly(-1, -1, -1, 0, 0, 0);
    }

    @Test
    void whatIsWrittenIsRead(@TempDir Path folder) throws IOException {
        var mask = Mask.ellipse(31, 17, new Region(3, 2, 20, 11));
        Path file = folder.resolve("mask.png");
        mask.write(file);
        assertThat(Mask.read(file)).isEqualTo(mask);
        assertThatThrownBy(() -> mask.write(folder.resolve("mask.bmp"))).isInstanceOf(IllegalArgumentException.class);
    }
}
