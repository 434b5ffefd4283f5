// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.image.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * Cutting large pictures into overlapping squares, for defects that a resized picture would lose. Every tile costs as much as
 * a picture. References are cut the same way, so banks grow with the number of tiles.
 *
 * @param side side of a tile in the picture, pixels
 * @param overlap pixels that neighbours share at least, less than the side
 */
public record Tiling(int side, int overlap) {
    private static final int MOST = 1 << 16;

    /**
     * Checks the values.
     *
     * @param side side of a tile in the picture, 16 to 65,536 pixels
     * @param overlap pixels that neighbours share at least, 0 to less than the side
     * @throws IllegalArgumentException if a value is out of range
     */
    public Tiling {
        Arguments.range("side", side, 16, MOST);
        Arguments.range("overlap", overlap, 0, side - 1);
    }

    /**
     * Tiles of a picture: they cover it, the outer ones end at its border, and all have the same size unless the picture is
     * smaller.
     *
     * @param width columns
     * @param height rows
     * @return tiles row by row
     */
    public List<Region> tiles(int width, int height) {
        var tiles = new ArrayList<Region>();
        int w = Math.min(side, width);
        int h = Math.min(side, height);
        for (int y : starts(height)) {
            for (int x : starts(width)) {
                tiles.add(new Region(x, y, w, h));
            }
        }
        return tiles;
    }

    /** Evenly spread, so that no tile overlaps more than need be. */
    private int[] starts(int length) {
        if (length <= side) {
            return new int[] {0};
        }
        int count = 1 + (length - side + side - overlap - 1) / (side - overlap);
        int[] starts = new int[count];
        for (int i = 0; i < count; i++) {
            starts[i] = (int) ((long) i * (length - side) / (count - 1));
        }
        return starts;
    }
}
