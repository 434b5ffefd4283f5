// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.anomalyany.image.Region;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TilingTest {
    @Test
    void rejectsTilesThatAreTooSmallAndOverlapsThatAreTooLarge() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tiling(15, 0))
                .withMessage("side must be in [16, 65536] but was 15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tiling(32, 32))
                .withMessage("overlap must be in [0, 31] but was 32");
        assertThatIllegalArgumentException().isThrownBy(() -> new Tiling(32, -1));
    }

    @Test
    void leavesSmallPicturesWhole() {
        assertThat(new Tiling(64, 8).tiles(64, 64)).containsExactly(new Region(0, 0, 64, 64));
        assertThat(new Tiling(64, 8).tiles(1, 1)).containsExactly(new Region(0, 0, 1, 1));
        assertThat(new Tiling(64, 0).tiles(65, 3)).containsExactly(new Region(0, 0, 64, 3), new Region(1, 0, 64, 3));
    }

    @Test
    void coversEveryPictureWithTheFewestTiles() {
        var random = new Random(11);
        for (int round = 0; round < 500; round++) {
            int side = 16 + random.nextInt(50);
            var tiling = new Tiling(side, random.nextInt(side));
            int width = 1 + random.nextInt(200);
            int height = 1 + random.nextInt(200);
            if (side - tiling.overlap() < 3) {
                continue;
            }

            var tiles = tiling.tiles(width, height);

            String what = "%s of %d×%d".formatted(tiling, width, height);
            assertThat(tiles)
                    .as(what)
                    .doesNotHaveDuplicates()
                    .allMatch(tile -> tile.width() == Math.min(side, width) && tile.height() == Math.min(side, height));
            assertAxis(
                    what, tiles.stream().map(Region::x).collect(Collectors.toCollection(TreeSet::new)), width, tiling);
            assertAxis(
                    what, tiles.stream().map(Region::y).collect(Collectors.toCollection(TreeSet::new)), height, tiling);
        }
    }

    private static void assertAxis(String what, NavigableSet<Integer> starts, int length, Tiling tiling) {
        int side = tiling.side();
        assertThat(starts.first()).as(what).isZero();
        assertThat(starts.last()).as(what).isEqualTo(Math.max(0, length - side));
        int before = 0;
        for (int start : starts) {
            assertThat(start - before).as(what).isLessThanOrEqualTo(side - tiling.overlap());
            before = start;
        }
        int least = length <= side ? 1 : 1 + (int) Math.ceil((length - side) / (double) (side - tiling.overlap()));
        assertThat(starts).as(what).hasSize(least);
    }
}
