// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.GaussianFilter;
import io.github.anomalyany.internal.image.Interpolation;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.Fusion.Evidence;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.internal.Branches.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** From scores on grids of patches to one map and one score of a picture (spec §3.4, §4.3). Any thread. */
final class MapMaker {
    /**
     * One picture's map and scores.
     *
     * @param map of the picture's size
     * @param score the fused score
     * @param evidence what it was made of
     */
    record Fused(ScoreMap map, double score, Evidence evidence) {}

    private final VladSettings settings;
    private final Interpolation upsampling;
    private final int side;

    MapMaker(VladSettings settings, int grid, int side, int patchSize) {
        this.settings = settings;
        this.side = side;
        double[][] operator = settings.geometry().operator(grid, side, patchSize);
        boolean fits = operator.length == side;
        for (double[] weights : operator) {
            fits &= weights.length == grid && Arrays.stream(weights).allMatch(Double::isFinite);
        }
        if (!fits) {
            throw new DetectionException("the map geometry %s must give finite weights [%d][%d] but didn't"
                    .formatted(settings.geometry().description(), side, grid));
        }
        upsampling = Interpolation.of(operator, operator);
    }

    /** Puts a picture's tiles together; a picture that wasn't cut is its only tile. */
    Fused fuse(int width, int height, List<Region> tiles, List<Scores> scores, Optional<Mask> region) {
        float[] sum = new float[width * height];
        int[] count = new int[width * height];
        double language = 0;
        double vision = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < tiles.size(); i++) {
            Region tile = tiles.get(i);
            var square = new Square(scores.get(i), tile, region);
            language = Math.max(language, scores.get(i).language());
            vision = Math.max(vision, square.vision);
            highest = Math.max(highest, square.highest);
            float[] map = Interpolation.bilinear(side, side, tile.width(), tile.height())
                    .apply(square.map);
            for (int y = 0; y < tile.height(); y++) {
                for (int x = 0; x < tile.width(); x++) {
                    int at = (tile.y() + y) * width + tile.x() + x;
                    sum[at] += map[y * tile.width() + x];
                    count[at]++;
                }
            }
        }
        for (int i = 0; i < sum.length; i++) {
            boolean counts = count[i] > 0 && (region.isEmpty() || region.get().contains(i % width, i / width));
            sum[i] = counts ? sum[i] / count[i] : 0;
        }
        var evidence = new Evidence(language, vision, highest);
        double score = settings.fusion().score(evidence);
        if (!Double.isFinite(score)) {
            throw new DetectionException("the fusion %s must give finite scores but gave %s for %s"
                    .formatted(settings.fusion().description(), score, evidence));
        }
        return new Fused(ScoreMap.of(width, height, sum), score, evidence);
    }

    /** The map of one square picture, and the maxima of the pixels that count. */
    private final class Square {
        private final float[] map;
        private double vision;
        private double highest = Double.NEGATIVE_INFINITY;

        private Square(Scores scores, Region tile, Optional<Mask> region) {
            float[] language = upsampling.apply(scores.languageGrid());
            float[] distance = upsampling.apply(scores.visionGrid());
            float[] fused = new float[language.length];
            for (int i = 0; i < fused.length; i++) {
                fused[i] = settings.fusion().pixel(language[i], distance[i]);
                if (!Float.isFinite(fused[i])) {
                    throw new DetectionException("the fusion %s must give finite pixels but gave %s for %s and %s"
                            .formatted(settings.fusion().description(), fused[i], language[i], distance[i]));
                }
            }
            map = settings.blur() == 0 ? fused : GaussianFilter.apply(fused, side, side, settings.blur());
            boolean[] counts = counts(tile, region);
            for (int i = 0; i < map.length; i++) {
                if (counts[i]) {
                    vision = Math.max(vision, distance[i]);
                    highest = Math.max(highest, map[i]);
                } else {
                    map[i] = 0;
                }
            }
        }

        /** Pixels of the square above or below whose middle lies a pixel of the picture that counts: even a thin region has some. */
        private boolean[] counts(Region tile, Optional<Mask> region) {
            boolean[] counts = new boolean[side * side];
            for (int i = 0; i < counts.length; i++) {
                int x = (int) ((i % side + 0.5) * tile.width() / side);
                int y = (int) ((Math.floorDiv(i, side) + 0.5) * tile.height() / side);
                counts[i] = region.isEmpty() || region.get().contains(tile.x() + x, tile.y() + y);
            }
            for (int i = 0; region.isPresent() && i < tile.width() * tile.height(); i++) {
                int x = i % tile.width();
                int y = Math.floorDiv(i, tile.width());
                if (region.get().contains(tile.x() + x, tile.y() + y)) {
                    int row = (int) ((y + 0.5) * side / tile.height());
                    counts[row * side + (int) ((x + 0.5) * side / tile.width())] = true;
                }
            }
            return counts;
        }
    }
}
