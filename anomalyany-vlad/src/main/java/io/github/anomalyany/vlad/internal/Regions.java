// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.ConnectedComponents;
import io.github.anomalyany.vlad.AnomalyRegion;
import java.awt.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Connected parts of a map above a threshold. */
public final class Regions {
    /** Right, down, left, up. */
    private static final int[] STEP_X = {1, 0, -1, 0};

    private static final int[] STEP_Y = {0, 1, 0, -1};

    private final ScoreMap map;
    private final ConnectedComponents parts;

    private Regions(ScoreMap map, float threshold) {
        this.map = map;
        parts = ConnectedComponents.of(map.threshold(threshold));
    }

    /**
     * Finds the parts.
     *
     * @param map scores
     * @param threshold a score
     * @return the parts of the pixels above the threshold, the highest score first
     */
    public static List<AnomalyRegion> above(ScoreMap map, float threshold) {
        return new Regions(map, threshold).all();
    }

    private List<AnomalyRegion> all() {
        int count = parts.count();
        int[][] boxes = new int[count + 1][]; // left, top, right, bottom, first x
        double[] sums = new double[count + 1];
        float[] highest = new float[count + 1];
        Arrays.fill(highest, Float.NEGATIVE_INFINITY);
        for (int y = 0; y < map.height(); y++) {
            for (int x = 0; x < map.width(); x++) {
                int label = parts.label(x, y);
                if (label == 0) {
                    continue;
                }
                if (boxes[label] == null) {
                    boxes[label] = new int[] {x, y, x, y, x};
                }
                int[] box = boxes[label];
                box[0] = Math.min(box[0], x);
                box[2] = Math.max(box[2], x);
                box[3] = y;
                sums[label] += map.value(x, y);
                highest[label] = Math.max(highest[label], map.value(x, y));
            }
        }
        var regions = new ArrayList<AnomalyRegion>();
        for (int label = 1; label <= count; label++) {
            int[] box = boxes[label];
            int area = parts.area(label);
            regions.add(new AnomalyRegion(
                    new Region(box[0], box[1], box[2] - box[0] + 1, box[3] - box[1] + 1),
                    area,
                    sums[label] / area,
                    highest[label],
                    outline(label, box[4], box[1])));
        }
        regions.sort(Comparator.comparingDouble(AnomalyRegion::max).reversed());
        return regions;
    }

    /** Walks along the border with the part on the right hand. */
    private List<Point> outline(int label, int startX, int startY) {
        var corners = new ArrayList<Point>();
        int x = startX;
        int y = startY;
        int direction = 0;
        do {
            int turned = directionAfter(label, x, y, direction);
            if (turned != direction || corners.isEmpty()) {
                corners.add(new Point(x, y));
            }
            direction = turned;
            x += STEP_X[direction];
            y += STEP_Y[direction];
        } while (x != startX || y != startY || directionAfter(label, x, y, direction) != 0);
        return corners;
    }

    /** Diagonal neighbours belong together, so the left is tried first. */
    private int directionAfter(int label, int x, int y, int direction) {
        if (ahead(label, x, y, direction, true)) {
            return (direction + 3) % 4;
        }
        return ahead(label, x, y, direction, false) ? direction : (direction + 1) % 4;
    }

    /** Whether the pixel ahead of a corner, on the left or on the right of the way, belongs to the part. */
    private boolean ahead(int label, int x, int y, int direction, boolean left) {
        int px = switch (direction) {
            case 0 -> x;
            case 1 -> left ? x : x - 1;
            case 2 -> x - 1;
            default -> left ? x - 1 : x;
        };
        int py = switch (direction) {
            case 0 -> left ? y - 1 : y;
            case 1 -> y;
            case 2 -> left ? y : y - 1;
            default -> y - 1;
        };
        return px >= 0 && py >= 0 && px < map.width() && py < map.height() && parts.label(px, py) == label;
    }
}
