// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.Frame.Placement;

/** The part of the normal picture that the model sees, at the model's size and at its own. */
final class WorkingFrame {
    private final RgbImage normal;
    private final Placement placement;
    private final int scale;

    WorkingFrame(RgbImage normal, Placement placement, int scale) {
        this.normal = normal;
        this.placement = placement;
        this.scale = scale;
    }

    RgbImage normal() {
        return normal;
    }

    Placement placement() {
        return placement;
    }

    int latentRows() {
        return placement.modelHeight() / scale;
    }

    int latentColumns() {
        return placement.modelWidth() / scale;
    }

    /** The part at the model's size, [3, height, width] in (−1, 1). */
    float[] pixels() {
        RgbImage seen = part().resize(placement.modelWidth(), placement.modelHeight(), Resampling.LANCZOS);
        byte[] bytes = seen.toBytes();
        int size = bytes.length / 3;
        var pixels = new float[bytes.length];
        for (int i = 0; i < size; i++) {
            for (int c = 0; c < 3; c++) {
                pixels[c * size + i] = (bytes[3 * i + c] & 0xff) / 127.5f - 1;
            }
        }
        return pixels;
    }

    /** The part at its own size; what lies beyond the picture repeats its border. */
    RgbImage part() {
        int w = placement.width();
        int h = placement.height();
        if (placement.x() == 0 && placement.y() == 0 && w == normal.width() && h == normal.height()) {
            return normal;
        }
        byte[] from = normal.toBytes();
        var to = new byte[3 * w * h];
        for (int y = 0; y < h; y++) {
            int row = clamp(placement.y() + y, normal.height()) * normal.width();
            for (int x = 0; x < w; x++) {
                int source = 3 * (row + clamp(placement.x() + x, normal.width()));
                System.arraycopy(from, source, to, 3 * (y * w + x), 3);
            }
        }
        return RgbImage.of(w, h, to);
    }

    private static int clamp(int value, int length) {
        return Math.max(0, Math.min(value, length - 1));
    }

    boolean contains(int x, int y) {
        int px = x - placement.x();
        int py = y - placement.y();
        return px >= 0 && py >= 0 && px < placement.width() && py < placement.height();
    }

    /** A decoded picture, [3, height, width] in (−1, 1), at the part's own size. */
    RgbImage toPart(float[] decoded) {
        return toImage(decoded).resize(placement.width(), placement.height(), Resampling.LANCZOS);
    }

    /** A decoded picture, [3, height, width] in (−1, 1), at the model's size. */
    RgbImage toImage(float[] decoded) {
        int size = decoded.length / 3;
        var bytes = new byte[decoded.length];
        for (int i = 0; i < size; i++) {
            for (int c = 0; c < 3; c++) {
                float unit = Math.max(0, Math.min(decoded[c * size + i] / 2 + 0.5f, 1));
                bytes[3 * i + c] = (byte) Math.rint(255 * unit);
            }
        }
        return RgbImage.of(placement.modelWidth(), placement.modelHeight(), bytes);
    }
}
