// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MapGeometryTest {
    private static final List<MapGeometry> ALL =
            List.of(MapGeometry.alignCorners(), MapGeometry.halfPixel(), MapGeometry.patchExact());

    @Test
    void alignsCornersAsTheGoldenSays() {
        double[][] weights = MapGeometry.alignCorners().operator(36, 512, 14);

        assertThat(weights[100][6]).isCloseTo(0.150685, within(1e-6));
        assertThat(weights[100][7]).isCloseTo(0.849315, within(1e-6));
        assertThat(weights[0][0]).isEqualTo(1);
        assertThat(weights[511][35]).isEqualTo(1);
    }

    @Test
    void placesPatchesWhereTheBackboneSawThem() {
        double[][] weights = MapGeometry.patchExact().operator(36, 512, 14);

        for (int patch = 1; patch < 35; patch++) { // the centre lies between two pixels
            assertThat(weights[14 * patch + 6][patch]).as("patch %d", patch).isCloseTo(1 - 0.5 / 14, within(1e-12));
            assertThat(weights[14 * patch + 7][patch]).as("patch %d", patch).isCloseTo(1 - 0.5 / 14, within(1e-12));
        }
        for (int unseen = 504; unseen < 512; unseen++) {
            assertThat(weights[unseen][35]).isEqualTo(1);
        }
    }

    @Test
    void stretchesTheGridOverHalfPixels() {
        double[][] weights = MapGeometry.halfPixel().operator(2, 4, 2);

        assertThat(weights).isDeepEqualTo(new double[][] {{1, 0}, {0.75, 0.25}, {0.25, 0.75}, {0, 1}});
    }

    @Test
    void givesTwoWeightsThatSumToOneForAnySize() {
        var random = new Random(3);
        for (int round = 0; round < 300; round++) {
            int patch = 1 + random.nextInt(20);
            int grid = 1 + random.nextInt(40);
            int side = grid * patch + random.nextInt(patch);
            for (var geometry : ALL) {
                double[][] operator = geometry.operator(grid, side, patch);
                assertThat(operator).hasNumberOfRows(side);
                for (double[] weights : operator) {
                    assertThat(weights).hasSize(grid);
                    assertThat(Arrays.stream(weights).sum())
                            .as("%s, grid %d, side %d, patch %d", geometry.description(), grid, side, patch)
                            .isCloseTo(1, within(1e-12));
                    assertThat(Arrays.stream(weights)
                                    .filter(weight -> weight != 0)
                                    .count())
                            .isLessThanOrEqualTo(2);
                    assertThat(Arrays.stream(weights).min().orElseThrow()).isGreaterThanOrEqualTo(0);
                }
            }
        }
    }
}
