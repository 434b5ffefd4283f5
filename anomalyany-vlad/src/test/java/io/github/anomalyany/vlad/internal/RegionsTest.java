// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.ConnectedComponents;
import io.github.anomalyany.vlad.AnomalyRegion;
import java.awt.Point;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RegionsTest {
    private static final float NOTHING = 0.25f;

    @Test
    void findsNothingAtOrBelowTheThreshold() {
        assertThat(Regions.above(map(".....", "....."), 0.25f)).isEmpty();
    }

    @Test
    void outlinesASinglePixel() {
        var region = Regions.above(map("....", "..7.", "...."), 0.3f).get(0);

        assertThat(region.box()).isEqualTo(new Region(2, 1, 1, 1));
        assertThat(region.area()).isEqualTo(1);
        assertThat(region.mean()).isCloseTo(0.7, within(1e-7));
        assertThat(region.max()).isCloseTo(0.7, within(1e-7));
        assertThat(region.outline())
                .containsExactly(new Point(2, 1), new Point(3, 1), new Point(3, 2), new Point(2, 2));
    }

    @Test
    void connectsDiagonalPixels() {
        for (var rows : List.of(new String[] {"9..", ".5.", "..."}, new String[] {".9.", "5..", "..."})) {
            var regions = Regions.above(map(rows), 0.3f);

            assertThat(regions).hasSize(1);
            var region = regions.get(0);
            assertThat(region.box()).isEqualTo(new Region(0, 0, 2, 2));
            assertThat(region.area()).isEqualTo(2);
            assertThat(region.mean()).isCloseTo(0.7, within(1e-7));
            assertThat(region.max()).isCloseTo(0.9, within(1e-7));
            assertThat(region.outline()).hasSize(8).contains(new Point(1, 1));
            assertThat(shoelace(region.outline())).isEqualTo(2);
        }
    }

    @Test
    void outlinesTheOutsideOfARingAlone() {
        var region = Regions.above(map("555.", "5.5.", "555."), 0.3f).get(0);

        assertThat(region.area()).isEqualTo(8);
        assertThat(region.outline())
                .containsExactly(new Point(0, 0), new Point(3, 0), new Point(3, 3), new Point(0, 3));
    }

    @Test
    void givesTheHighestFirst() {
        assertThat(Regions.above(map("4..9..6", "......."), 0.3f))
                .extracting(region -> region.box().x())
                .containsExactly(3, 6, 0);
    }

    @Test
    void drawsOutlinesClockwiseWithoutPointsOnStraightLines() {
        var region = Regions.above(map("55..", "555.", "5..."), 0.3f).get(0);

        assertThat(region.outline())
                .containsExactly(
                        new Point(0, 0),
                        new Point(2, 0),
                        new Point(2, 1),
                        new Point(3, 1),
                        new Point(3, 2),
                        new Point(1, 2),
                        new Point(1, 3),
                        new Point(0, 3));
    }

    @Test
    void agreesWithTheLabelledPixelsOnAnyMap() {
        var random = new Random(29);
        int simple = 0;
        for (int round = 0; round < 400; round++) {
            int width = 1 + random.nextInt(12);
            int height = 1 + random.nextInt(12);
            float[] values = new float[width * height];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextInt(100) / 100f;
            }
            float threshold = random.nextInt(100) / 100f;
            var map = ScoreMap.of(width, height, values);
            Mask mask = map.threshold(threshold);

            var regions = Regions.above(map, threshold);

            String what = "round %d, %d×%d above %s".formatted(round, width, height, threshold);
            assertThat(regions.stream().mapToInt(AnomalyRegion::area).sum())
                    .as(what)
                    .isEqualTo(mask.area());
            assertThat(regions).as(what).hasSize(ConnectedComponents.of(mask).count());
            for (var region : regions) {
                simple += check(what, region, map, threshold) ? 1 : 0;
            }
        }
        assertThat(simple).isGreaterThan(100);
    }

    /** Whether the part is alone in its box and has neither holes nor diagonal contacts, so that its outline tells its area. */
    private static boolean check(String what, AnomalyRegion region, ScoreMap map, float threshold) {
        int left = Integer.MAX_VALUE;
        int top = Integer.MAX_VALUE;
        int right = 0;
        int bottom = 0;
        for (Point corner : region.outline()) {
            left = Math.min(left, corner.x);
            top = Math.min(top, corner.y);
            right = Math.max(right, corner.x);
            bottom = Math.max(bottom, corner.y);
        }
        assertThat(new Region(left, top, right - left, bottom - top)).as(what).isEqualTo(region.box());
        assertThat(region.max()).as(what).isGreaterThanOrEqualTo(region.mean()).isGreaterThan(threshold);
        double outlined = shoelace(region.outline());
        assertThat(outlined).as(what).isGreaterThanOrEqualTo(region.area());
        boolean whole = region.area() == region.box().width() * region.box().height();
        boolean alone = inBox(region.box(), map, threshold) == region.area();
        boolean simple =
                whole || (alone && !touchesItself(region.box(), map, threshold) && !hasHole(region, map, threshold));
        if (simple) {
            assertThat(outlined).as(what).isEqualTo(region.area());
        }
        return simple;
    }

    private static int inBox(Region box, ScoreMap map, float threshold) {
        int count = 0;
        for (int y = box.y(); y < box.y() + box.height(); y++) {
            for (int x = box.x(); x < box.x() + box.width(); x++) {
                count += map.value(x, y) > threshold ? 1 : 0;
            }
        }
        return count;
    }

    private static boolean touchesItself(Region box, ScoreMap map, float threshold) {
        for (int y = box.y(); y < box.y() + box.height() - 1; y++) {
            for (int x = box.x(); x < box.x() + box.width() - 1; x++) {
                boolean a = map.value(x, y) > threshold;
                boolean b = map.value(x + 1, y) > threshold;
                boolean c = map.value(x, y + 1) > threshold;
                boolean d = map.value(x + 1, y + 1) > threshold;
                if (a == d && b == c && a != b) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Without diagonal contacts a hole is a second component of what surrounds the part. */
    private static boolean hasHole(AnomalyRegion region, ScoreMap map, float threshold) {
        var box = region.box();
        boolean[] outside = new boolean[(box.width() + 2) * (box.height() + 2)];
        for (int i = 0; i < outside.length; i++) {
            int x = i % (box.width() + 2) - 1;
            int y = Math.floorDiv(i, box.width() + 2) - 1;
            boolean inBox = x >= 0 && y >= 0 && x < box.width() && y < box.height();
            outside[i] = !inBox || map.value(box.x() + x, box.y() + y) <= threshold;
        }
        return ConnectedComponents.of(Mask.of(box.width() + 2, box.height() + 2, outside))
                        .count()
                > 1;
    }

    private static double shoelace(List<Point> outline) {
        long twice = 0;
        for (int i = 0; i < outline.size(); i++) {
            Point a = outline.get(i);
            Point b = outline.get((i + 1) % outline.size());
            twice += (long) a.x * b.y - (long) b.x * a.y;
        }
        return twice / 2.0; // positive: clockwise where y grows downwards
    }

    /** Digits are tenths, points a quarter. */
    private static ScoreMap map(String... rows) {
        float[] values = new float[rows.length * rows[0].length()];
        for (int i = 0; i < values.length; i++) {
            char c = rows[Math.floorDiv(i, rows[0].length())].charAt(i % rows[0].length());
            values[i] = c == '.' ? NOTHING : (c - '0') / 10f;
        }
        return ScoreMap.of(rows[0].length(), rows.length, values);
    }
}
