// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.synthetic.SyntheticMethod.Drawing;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DraemTest {
    private static RgbImage noise(int width, int height, long seed) {
        var bytes = new byte[3 * width * height];
        new SplittableRandom(seed).nextBytes(bytes);
        return RgbImage.of(width, height, bytes);
    }

    private static List<Drawing> drawings(Draem draem, RgbImage normal, int count) {
        Mask whole = Mask.full(normal.width(), normal.height());
        return IntStream.range(0, count)
                .mapToObj(i -> draem.draw(normal, whole, new Draws(2, i)))
                .toList();
    }

    private static double number(Drawing drawing, String name) {
        return ((Number) drawing.parameters().getOrDefault(name, Double.NaN)).doubleValue();
    }

    @Test
    void drawsNumbersOfThePublishedRanges() {
        var cells = new HashSet<Integer>();
        var changes = new HashSet<Object>();
        var textures = new HashSet<Object>();
        for (Drawing drawing : drawings(new Draem(List.of()), noise(32, 32, 1), 200)) {
            cells.add((int) number(drawing, "cellsX"));
            cells.add((int) number(drawing, "cellsY"));
            assertThat(number(drawing, "degrees")).isBetween(-90.0, 90.0);
            if (!drawing.mask().isEmpty()) {
                assertThat(number(drawing, "beta")).isBetween(0.0, 0.8);
                var three = (Collection<?>) drawing.parameters().getOrDefault("changes", List.of());
                assertThat(three).hasSize(3).doesNotHaveDuplicates();
                changes.addAll(three);
                textures.add(drawing.parameters().getOrDefault("texture", ""));
            }
        }
        assertThat(cells).containsExactlyInAnyOrder(1, 2, 4, 8, 16, 32);
        assertThat(changes).hasSize(10);
        assertThat(textures).hasSize(6);
    }

    @Test
    void blendsByTheFormula() {
        // a white texture, of which these changes leave all as it is
        RgbImage normal = RgbImage.of(16, 16, filled(3 * 256, 200));
        RgbImage white = Mask.full(16, 16).toImage();
        int checked = 0;
        for (Drawing drawing : drawings(new Draem(List.of(white)), normal, 300)) {
            var changes = (Collection<?>) drawing.parameters().getOrDefault("changes", List.of());
            boolean stays =
                    List.of("gamma", "sharpness", "autocontrast", "equalize").containsAll(changes);
            if (!drawing.mask().isEmpty() && stays) {
                double beta = number(drawing, "beta");
                int expected = (int) Math.round((1 - beta) * 255 + beta * 200);
                for (int i = 0; i < 256; i++) {
                    boolean inside = drawing.mask().contains(i % 16, i / 16);
                    assertThat(drawing.image().rgb(i % 16, i / 16) & 0xff).isEqualTo(inside ? expected : 200);
                }
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(2);
    }

    private static byte[] filled(int length, int value) {
        var bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    @Test
    void coversASmallPartOfThePictureAsTheNoiseDoes() {
        double covered = drawings(new Draem(List.of()), noise(64, 64, 3), 200).stream()
                .mapToDouble(drawing -> drawing.mask().area() / 4096.0)
                .average()
                .orElseThrow();
        assertThat(covered).isBetween(0.02, 0.2);
    }

    @Test
    void usesTheTexturesGiven() {
        var given = List.of(noise(10, 10, 4), noise(70, 30, 5));
        var used = new HashSet<Object>();
        for (Drawing drawing : drawings(new Draem(given), noise(32, 32, 1), 40)) {
            if (!drawing.mask().isEmpty()) {
                used.add(drawing.parameters().getOrDefault("texture", ""));
            }
        }
        assertThat(used)
                .isEqualTo(
                        new HashSet<Object>(given.stream().map(RgbImage::sha256).toList()));
    }

    @Test
    void makesNoiseThatIsZeroAtCornersSmoothAndNeverAboveOne() {
        var noise = new PerlinNoise(4, 8, new Draws(3, 0));
        var random = new SplittableRandom(6);
        double largest = 0;
        for (int i = 0; i < 5000; i++) {
            double x = 4 * random.nextDouble();
            double y = 8 * random.nextDouble();
            double value = noise.at(x, y);
            largest = Math.max(largest, Math.abs(value));
            assertThat(noise.at(x + 1e-6, y - 1e-6)).as("beside (%s, %s)", x, y).isCloseTo(value, within(1e-4));
        }
        assertThat(largest).isBetween(0.5, 1.0);
        for (int x = 0; x <= 4; x++) {
            for (int y = 0; y <= 8; y++) {
                assertThat(noise.at(x, y)).isZero();
            }
        }
    }
}
