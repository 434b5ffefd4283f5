// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.LabelMode;
import io.github.anomalyany.vlad.MapGeometry;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LossMapsTest {
    private static LossMaps maps(int side) {
        return new LossMaps(MapGeometry.halfPixel(), 3, 12, 4, side);
    }

    private static ScoreMap map(int width, int height, float... values) {
        return ScoreMap.of(width, height, values);
    }

    @Test
    void refusesLabelsThatAModeMakesOutOfRange() {
        for (float label : new float[] {-0.1f, 1.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            var mode = LabelMode.of("odd", (value, largest) -> label);
            assertThatThrownBy(() -> maps(2).labels(map(1, 1, 0.5f), mode))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the label mode odd must give labels in [0, 1] but gave %s for 0.5", label);
        }
    }

    @Test
    void everyModeTakesLabelsItsWay() {
        var labels = map(2, 2, 0, 0.25f, 0.5f, 0.3f);
        assertThat(maps(2).labels(labels, LabelMode.soft())).containsExactly(0, 0.25f, 0.5f, 0.3f);
        assertThat(maps(2).labels(labels, LabelMode.softOfMaximum())).containsExactly(0, 0.5f, 1, 0.6f);
        assertThat(maps(2).labels(labels, LabelMode.hard(0.4))).containsExactly(0, 0, 1, 0);
        var none = map(2, 2, 0, 0, 0, 0);
        assertThat(maps(2).labels(none, LabelMode.softOfMaximum())).containsOnly(0);
    }

    @Test
    void aHardLabelStaysHardWhereAsManyPixelsAreWanted() {
        assertThat(maps(2).labels(map(2, 2, 0.31f, 0.29f, 0, 1), LabelMode.hard(0.3)))
                .containsExactly(1, 0, 0, 1);
    }

    @Test
    void manyLabelsBecomeTheirMean() {
        var labels = map(4, 2, 1, 0, 0, 0.5f, 0, 1, 0, 0);
        assertThat(maps(1).labels(labels, LabelMode.soft())).containsExactly(0.3125f);
        assertThat(maps(2).labels(labels, LabelMode.soft())).containsExactly(0.5f, 0.25f, 0.5f, 0);
    }

    @Test
    void fewLabelsAreInterpolatedHalfPixel() {
        float[] labels = maps(4).labels(map(2, 1, 0, 1), LabelMode.soft());
        for (int row = 0; row < 4; row++) {
            assertThat(Arrays.copyOfRange(labels, 4 * row, 4 * row + 4)).containsExactly(0, 0.25f, 0.75f, 1);
        }
    }

    @Test
    void aSmallerSideSeesTheMeanOfTheInputsPixels() {
        var random = new SplittableRandom(4);
        float[] grid = new float[9];
        for (int i = 0; i < grid.length; i++) {
            grid[i] = (float) random.nextDouble();
        }
        float[] whole = maps(12).maps(grid);
        float[] small = maps(3).maps(grid);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++) {
                double sum = 0;
                for (int i = 0; i < 16; i++) {
                    sum += whole[(4 * y + i / 4) * 12 + 4 * x + i % 4];
                }
                assertThat(small[3 * y + x]).isCloseTo((float) (sum / 16), within(1e-6f));
            }
        }
    }

    @Test
    void theGradientIsTheTransposedOperator() {
        var random = new SplittableRandom(9);
        for (int side : new int[] {1, 5, 7, 12}) {
            float[] grids = new float[18];
            float[] cotangent = new float[2 * side * side];
            for (int i = 0; i < grids.length; i++) {
                grids[i] = (float) random.nextDouble(-1, 1);
            }
            for (int i = 0; i < cotangent.length; i++) {
                cotangent[i] = (float) random.nextDouble(-1, 1);
            }
            double forth = dot(maps(side).maps(grids), cotangent);
            double back = dot(grids, maps(side).gridGradient(cotangent));
            assertThat(back).as("side %d", side).isCloseTo(forth, within(1e-5));
        }
    }

    private static double dot(float[] a, float[] b) {
        assertThat(a).hasSameSizeAs(b);
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
