// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.image.Mask;

/** The soft edge of a region: 1 inside, falling evenly to 0 over some pixels outside. */
final class Feather {
    private static final float DIAGONAL = (float) Math.sqrt(2);

    private final int width;
    private final int height;
    private final int pixels;
    /** Distance of each pixel to the region, by steps to neighbours. */
    private final float[] distance;

    private Feather(Mask region, int pixels) {
        this.width = region.width();
        this.height = region.height();
        this.pixels = pixels;
        distance = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                distance[y * width + x] = region.contains(x, y) ? 0 : Float.POSITIVE_INFINITY;
            }
        }
        sweep(1);
        sweep(-1);
    }

    static Feather of(Mask region, int pixels) {
        return new Feather(region, pixels);
    }

    /** Carries distances along in one direction: down and right, or up and left. */
    private void sweep(int direction) {
        int count = width * height;
        for (int k = 0; k < count; k++) {
            int i = direction > 0 ? k : count - 1 - k;
            int x = i % width;
            int y = i / width;
            shorten(i, x - direction, y, 1);
            shorten(i, x, y - direction, 1);
            shorten(i, x - direction, y - direction, DIAGONAL);
            shorten(i, x + direction, y - direction, DIAGONAL);
        }
    }

    private void shorten(int i, int x, int y, float step) {
        if (x >= 0 && y >= 0 && x < width && y < height) {
            distance[i] = Math.min(distance[i], distance[y * width + x] + step);
        }
    }

    /** Weight of the generated picture at a pixel. */
    float weight(int x, int y) {
        return Math.max(0, 1 - distance[y * width + x] / (pixels + 1));
    }
}
