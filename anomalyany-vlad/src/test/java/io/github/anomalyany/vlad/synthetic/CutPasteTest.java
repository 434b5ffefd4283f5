// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.synthetic.SyntheticMethod.Drawing;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CutPasteTest {
    private static final int SIDE = 256;

    private static RgbImage noise(int width, int height) {
        var bytes = new byte[3 * width * height];
        new SplittableRandom(9).nextBytes(bytes);
        return RgbImage.of(width, height, bytes);
    }

    private static List<Drawing> drawings(RgbImage normal, Mask region, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new CutPaste().draw(normal, region, new Draws(1, i)))
                .toList();
    }

    private static double number(Drawing drawing, String name) {
        return ((Number) drawing.parameters().getOrDefault(name, Double.NaN)).doubleValue();
    }

    private static boolean isScar(Drawing drawing) {
        return "scar".equals(drawing.parameters().get("kind"));
    }

    @Test
    void drawsPatchesAndScarsOfThePublishedSizesAlike() {
        var drawings = drawings(noise(SIDE, SIDE), Mask.full(SIDE, SIDE), 200);
        assertThat(drawings.stream().filter(CutPasteTest::isScar).count()).isBetween(70L, 130L);
        for (Drawing drawing : drawings) {
            double width = number(drawing, "width");
            double height = number(drawing, "height");
            if (isScar(drawing)) {
                assertThat(width).isBetween(2.0, 16.0);
                assertThat(height).isBetween(10.0, 25.0);
                assertThat(number(drawing, "degrees")).isBetween(-45.0, 45.0);
            } else {
                assertThat(width * height / (SIDE * SIDE)).isBetween(0.019, 0.152);
                assertThat(width / height).isBetween(0.29, 3.4);
                assertThat(number(drawing, "degrees")).isZero();
                assertThat(drawing.mask().area()).isEqualTo((int) (width * height));
            }
        }
        assertThat(drawings.stream().filter(d -> number(d, "width") > number(d, "height")))
                .as("wide ones")
                .hasSizeGreaterThan(20);
    }

    @Test
    void growsScarsWithThePicture() {
        var normal = noise(512, 1024);
        var scars = drawings(normal, Mask.full(512, 1024), 40).stream()
                .filter(CutPasteTest::isScar)
                .toList();
        assertThat(scars)
                .isNotEmpty()
                .allSatisfy(scar -> assertThat(number(scar, "height")).isBetween(20.0, 50.0));
    }

    @Test
    void turnsAScarAboutItsMiddle() {
        for (Drawing drawing : drawings(noise(SIDE, SIDE), Mask.full(SIDE, SIDE), 60)) {
            boolean inner = number(drawing, "toX") > 30
                    && number(drawing, "toX") < SIDE - 60
                    && number(drawing, "toY") > 30
                    && number(drawing, "toY") < SIDE - 60;
            if (isScar(drawing) && inner) {
                double area = number(drawing, "width") * number(drawing, "height");
                assertThat((double) drawing.mask().area()).isBetween(0.85 * area - 4, 1.15 * area + 4);
                Region bounds = drawing.mask().bounds().orElseThrow();
                double middle = number(drawing, "toX") + number(drawing, "width") / 2;
                assertThat(bounds.x() + bounds.width() / 2.0).isBetween(middle - 1, middle + 1);
            }
        }
    }

    @Test
    void pastesWhatIsElsewhereInThePictureWithColoursAlmostAsThere() {
        RgbImage normal = noise(SIDE, SIDE);
        for (Drawing drawing : drawings(normal, Mask.full(SIDE, SIDE), 30)) {
            if (!isScar(drawing)) {
                int fromX = (int) number(drawing, "fromX");
                int fromY = (int) number(drawing, "fromY");
                int toX = (int) number(drawing, "toX");
                int toY = (int) number(drawing, "toY");
                double sum = 0;
                int count = 0;
                for (int y = 0; y < number(drawing, "height"); y++) {
                    for (int x = 0; x < number(drawing, "width"); x++) {
                        sum += Math.abs(luma(drawing.image(), toX + x, toY + y) - luma(normal, fromX + x, fromY + y));
                        count++;
                    }
                }
                assertThat(sum / count).as("%s", drawing.parameters()).isLessThan(30); // unrelated noise: about 60
            }
        }
    }

    private static double luma(RgbImage image, int x, int y) {
        int rgb = image.rgb(x, y);
        return Colours.luma(new double[] {rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff});
    }

    @Test
    void reachesEveryPlaceOfThePicture() {
        Set<Integer> rows = new HashSet<>();
        for (Drawing drawing : drawings(noise(8, 8), Mask.full(8, 8), 300)) {
            Region bounds = drawing.mask().bounds().orElseThrow();
            rows.add(bounds.y());
            rows.add(bounds.y() + bounds.height() - 1);
        }
        assertThat(rows).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void putsItsMiddleIntoTheRegionAndLeavesOutWhatLiesOutside() {
        Mask region = Mask.ellipse(SIDE, SIDE, new Region(100, 60, 40, 90));
        for (Drawing drawing : drawings(noise(SIDE, SIDE), region, 50)) {
            int x = (int) (number(drawing, "toX") + Math.floor(number(drawing, "width") / 2));
            int y = (int) (number(drawing, "toY") + Math.floor(number(drawing, "height") / 2));
            assertThat(region.contains(x, y)).as("%s", drawing.parameters()).isTrue();
            assertThat(drawing.mask().and(region)).isEqualTo(drawing.mask());
        }
    }
}
