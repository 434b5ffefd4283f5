// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.image.Mask;

/** The connected parts of a mask; pixels that touch at a corner are connected. */
public final class ConnectedComponents {
    private final int width;
    private final int height;
    private final int[] labels;
    private int[] sizes = new int[16];
    private int count;

    private ConnectedComponents(Mask mask) {
        width = mask.width();
        height = mask.height();
        labels = new int[width * height];
        int[] queue = new int[mask.area()];
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == 0 && mask.contains(i % width, i / width)) {
                count++;
                if (count == sizes.length) {
                    sizes = java.util.Arrays.copyOf(sizes, 2 * count);
                }
                sizes[count] = flood(mask, i, queue);
            }
        }
    }

    /**
     * Finds the parts of a mask.
     *
     * @param mask the mask
     * @return its parts, numbered in the order in which they are met row by row
     */
    public static ConnectedComponents of(Mask mask) {
        return new ConnectedComponents(mask);
    }

    /**
     * Removes small parts of a mask.
     *
     * @param mask the mask
     * @param area pixels that a part must have to stay
     * @return the mask without its smaller parts
     */
    public static Mask withoutSpecks(Mask mask, int area) {
        var parts = of(mask);
        boolean[] kept = new boolean[parts.labels.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = parts.labels[i] != 0 && parts.sizes[parts.labels[i]] >= area;
        }
        return Mask.of(mask.width(), mask.height(), kept);
    }

    /**
     * How many parts there are.
     *
     * @return 0 or more
     */
    public int count() {
        return count;
    }

    /**
     * The part that a pixel belongs to.
     *
     * @param x column
     * @param y row
     * @return 1 to {@link #count()}, or 0 outside the mask
     */
    public int label(int x, int y) {
        return labels[y * width + x];
    }

    /**
     * Pixels of a part.
     *
     * @param label 1 to {@link #count()}
     * @return at least 1
     * @throws IllegalArgumentException if there is no such part
     */
    public int area(int label) {
        if (label < 1 || label > count) {
            throw new IllegalArgumentException("label must be in [1, %d] but was %d".formatted(count, label));
        }
        return sizes[label];
    }

    private int flood(Mask mask, int start, int[] queue) {
        int length = 0;
        queue[length++] = start;
        labels[start] = count;
        for (int head = 0; head < length; head++) {
            int x = queue[head] % width;
            int y = queue[head] / width;
            for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
                for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
                    int neighbour = ny * width + nx;
                    if (labels[neighbour] == 0 && mask.contains(nx, ny)) {
                        labels[neighbour] = count;
                        queue[length++] = neighbour;
                    }
                }
            }
        }
        return length;
    }
}
