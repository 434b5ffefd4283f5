// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Mask;
import java.util.BitSet;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Grows a connected region inside a mask from one pixel: always on to the lowest pixel beside it, until the area is reached. So
 * a shape gets its area to the pixel wherever the mask cuts it. Pixels that touch at a corner are connected.
 */
final class RegionGrowth {
    /** How late a pixel comes; the lower the sooner. */
    @FunctionalInterface
    interface Height {
        /** Zero or more, not NaN. */
        float at(int x, int y);
    }

    private final int width;
    private final int height;
    /** Pixels of the mask that no region has reached yet. */
    private final BitSet free;

    RegionGrowth(Mask inside) {
        width = inside.width();
        height = inside.height();
        free = new BitSet(width * height);
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                free.set(i, inside.contains(x, y));
            }
        }
    }

    /** How many pixels no region has reached yet. */
    int left() {
        return free.cardinality();
    }

    /** The n-th of the pixels that are left. */
    int pixel(int n) {
        int pixel = free.nextSetBit(0);
        for (int i = 0; i < n; i++) {
            pixel = free.nextSetBit(pixel + 1);
        }
        return pixel;
    }

    /**
     * Grows a region.
     *
     * @param start a pixel that is left
     * @param order which pixels come first
     * @param least pixels that the region must have
     * @param most pixels that it gets where there are so many
     * @return nothing if the connected part of the mask around the start has fewer than {@code least}; that part is used up then
     */
    Optional<Mask> grow(int start, Height order, int least, int most) {
        boolean[] region = new boolean[width * height];
        // height's bits above, pixel below: heights aren't negative, so that their bits are in order
        var edge = new PriorityQueue<Long>();
        add(start, order, edge);
        int area = 0;
        while (area < most && !edge.isEmpty()) {
            int pixel = (int) (long) edge.remove();
            region[pixel] = true;
            area++;
            int x = pixel % width;
            int y = pixel / width;
            for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
                    if (free.get(ny * width + nx)) {
                        add(ny * width + nx, order, edge);
                    }
                }
            }
        }
        return area < least ? Optional.empty() : Optional.of(Mask.of(width, height, region));
    }

    private void add(int pixel, Height order, PriorityQueue<Long> edge) {
        free.clear(pixel);
        long bits = Float.floatToIntBits(order.at(pixel % width, pixel / width));
        edge.add((bits << 32) | pixel);
    }
}
