// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.anomalyany.image.Region;
import io.github.anomalyany.strategy.Frame.ModelSize;
import io.github.anomalyany.strategy.Frame.Placement;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {
    private static final ModelSize SD15 = new ModelSize(512, 64);

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @Test
    void refusesARegionBeyondThePicture() {
        var frame = Frame.around(new Region(90, 10, 20, 10), 0.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> frame.place(100, 50, SD15))
                .withMessageContaining("100×50");
    }

    @Test
    void refusesMarginsOutOfRange() {
        var region = new Region(0, 0, 1, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frame.around(region, -0.1))
                .withMessageContaining("-0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> Frame.around(region, Double.NaN));
    }

    @Test
    void aSquarePictureFillsTheNativeSide() {
        assertThat(Frame.fit().place(1000, 1000, SD15)).isEqualTo(new Placement(0, 0, 1000, 1000, 512, 512));
    }

    @Test
    void anOblongPictureIsPaddedEvenlyToTheNextMultiple() {
        // 512·600/1000 = 307.2, next multiple 320, which is 625 rows of the picture
        assertThat(Frame.fit().place(1000, 600, SD15)).isEqualTo(new Placement(0, -12, 1000, 625, 512, 320));
        assertThat(Frame.fit().place(600, 1000, SD15)).isEqualTo(new Placement(-12, 0, 625, 1000, 320, 512));
    }

    @Test
    void stretchingTakesTheWholePictureToTheNativeSquare() {
        assertThat(Frame.stretch().place(1000, 600, SD15)).isEqualTo(new Placement(0, 0, 1000, 600, 512, 512));
    }

    @Test
    void aroundARegionLiesInThePictureAndIsSquareWhereThereIsRoom() {
        assertThat(Frame.around(new Region(0, 0, 40, 20), 0.5).place(1000, 600, SD15))
                .isEqualTo(new Placement(0, 0, 80, 80, 512, 512));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyPlacementHasSidesForTheModelAndCoversWhatItMust(int seed) {
        var random = new SplittableRandom(seed);
        int width = 1 + random.nextInt(seed % 2 == 0 ? 3000 : 40);
        int height = 1 + random.nextInt(seed % 3 == 0 ? 3000 : 40);
        int x = random.nextInt(width);
        int y = random.nextInt(height);
        var region = new Region(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));
        Placement fit = Frame.fit().place(width, height, SD15);
        Placement around = Frame.around(region, random.nextDouble()).place(width, height, SD15);
        for (Placement placement : new Placement[] {fit, around}) {
            assertThat(placement.modelWidth() % 64).isZero();
            assertThat(placement.modelHeight() % 64).isZero();
            assertThat(Math.max(placement.modelWidth(), placement.modelHeight()))
                    .isEqualTo(512);
        }
        assertCovers(fit, new Region(0, 0, width, height));
        assertCovers(around, region);
    }

    private static void assertCovers(Placement placement, Region region) {
        assertThat(placement.x()).isLessThanOrEqualTo(region.x());
        assertThat(placement.y()).isLessThanOrEqualTo(region.y());
        assertThat(placement.x() + placement.width()).isGreaterThanOrEqualTo(region.x() + region.width());
        assertThat(placement.y() + placement.height()).isGreaterThanOrEqualTo(region.y() + region.height());
    }
}
