// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.Interpolation;
import io.github.anomalyany.strategy.Frame.Placement;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of the normal picture that the model sees, and the way there and back. What comes back changes no pixel outside
 * the feathered region.
 */
final class WorkingFrame {
    private final RgbImage normal;
    private final @Nullable Mask region;
    private final Placement placement;
    private final int scale;
    private final @Nullable Feather feather;
    private final float[] latentRegion;

    WorkingFrame(RgbImage normal, Optional<Mask> region, Placement placement, int scale, int feather) {
        this.normal = normal;
        this.region = region.orElse(null);
        this.placement = placement;
        this.scale = scale;
        this.feather = region.map(mask -> Feather.of(mask, feather)).orElse(null);
        latentRegion = share(latentRows(), latentColumns());
        for (int i = 0; i < latentRegion.length; i++) {
            latentRegion[i] = latentRegion[i] > 0 ? 1 : 0;
        }
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
    private RgbImage part() {
        int w = placement.width();
        int h = placement.height();
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

    /** 1 for each latent cell that the region touches, else 0. Not a copy. */
    float[] latentRegion() {
        return latentRegion;
    }

    /** Share of each cell of a grid over the part that lies in the region, [row][column]. */
    float[] share(int rows, int columns) {
        if (region == null) {
            var all = new float[rows * columns];
            Arrays.fill(all, 1);
            return all;
        }
        int w = placement.width();
        int h = placement.height();
        var inside = new float[w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                inside[y * w + x] = contains(region, placement.x() + x, placement.y() + y) ? 1 : 0;
            }
        }
        return Interpolation.area(w, h, columns, rows).apply(inside);
    }

    private static boolean contains(Mask mask, int x, int y) {
        return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.contains(x, y);
    }

    /** Whether a pixel of the normal picture lies in the region and in the part that the model saw. */
    boolean covers(int x, int y) {
        return inPart(x, y) && (region == null || region.contains(x, y));
    }

    private boolean inPart(int x, int y) {
        int px = x - placement.x();
        int py = y - placement.y();
        return px >= 0 && py >= 0 && px < placement.width() && py < placement.height();
    }

    /** Puts a decoded part, [3, height, width] in (−1, 1), into the normal picture. */
    RgbImage paste(float[] decoded) {
        RgbImage made = toImage(decoded).resize(placement.width(), placement.height(), Resampling.LANCZOS);
        byte[] from = made.toBytes();
        byte[] to = normal.toBytes();
        for (int y = 0; y < normal.height(); y++) {
            for (int x = 0; x < normal.width(); x++) {
                float weight = feather == null ? 1 : feather.weight(x, y);
                if (weight > 0 && inPart(x, y)) {
                    int source = 3 * ((y - placement.y()) * placement.width() + x - placement.x());
                    int target = 3 * (y * normal.width() + x);
                    for (int c = 0; c < 3; c++) {
                        to[target + c] = mix(weight, from[source + c] & 0xff, to[target + c] & 0xff);
                    }
                }
            }
        }
        return RgbImage.of(normal.width(), normal.height(), to);
    }

    private static byte mix(float weight, int made, int normal) {
        return (byte) Math.round(weight * made + (1 - weight) * normal);
    }

    private RgbImage toImage(float[] decoded) {
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

    /** Spreads a map over the part, [row][column], over the normal picture; zero outside the region. */
    ScoreMap spread(float[] map, int rows, int columns) {
        int w = placement.width();
        float[] part =
                Interpolation.bilinear(columns, rows, w, placement.height()).apply(map);
        var values = new float[normal.width() * normal.height()];
        for (int y = 0; y < normal.height(); y++) {
            for (int x = 0; x < normal.width(); x++) {
                if (covers(x, y)) {
                    values[y * normal.width() + x] = part[(y - placement.y()) * w + x - placement.x()];
                }
            }
        }
        return ScoreMap.of(normal.width(), normal.height(), values);
    }
}
