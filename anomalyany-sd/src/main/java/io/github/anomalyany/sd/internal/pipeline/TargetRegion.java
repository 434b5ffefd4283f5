// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.Interpolation;
import io.github.anomalyany.strategy.RegionSampling;
import org.jspecify.annotations.Nullable;

/**
 * Where a sample's anomaly may be, at the sizes of the picture, the latents and the attention's grid. What is put into the
 * normal picture changes no pixel outside the feathered region.
 */
final class TargetRegion {
    private final WorkingFrame frame;
    private final Mask mask;
    private final @Nullable Feather feather;
    private final float[] latent;
    private final float[] grid;

    TargetRegion(WorkingFrame frame, Mask mask, RegionSampling sampling, int feather, int gridRows, int gridColumns) {
        this.frame = frame;
        this.mask = mask;
        this.feather = isWhole(mask) ? null : Feather.of(mask, feather);
        float[] part = onPart();
        grid = share(part, gridRows, gridColumns);
        latent = sampling == RegionSampling.NEAREST
                ? centres(part, frame.latentRows(), frame.latentColumns())
                : share(part, frame.latentRows(), frame.latentColumns());
        for (int i = 0; i < latent.length; i++) {
            latent[i] = latent[i] > 0 ? 1 : 0;
        }
    }

    private static boolean isWhole(Mask mask) {
        return mask.area() == (long) mask.width() * mask.height();
    }

    /** 1 for each pixel of the model's part in the region. */
    private float[] onPart() {
        var placement = frame.placement();
        int w = placement.width();
        var inside = new float[w * placement.height()];
        for (int i = 0; i < inside.length; i++) {
            int x = placement.x() + i % w;
            int y = placement.y() + i / w;
            boolean there = x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.contains(x, y);
            inside[i] = there ? 1 : 0;
        }
        return inside;
    }

    private float[] share(float[] part, int rows, int columns) {
        var placement = frame.placement();
        return Interpolation.area(placement.width(), placement.height(), columns, rows)
                .apply(part);
    }

    private float[] centres(float[] part, int rows, int columns) {
        var placement = frame.placement();
        var centres = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            int y = (int) ((row + 0.5) * placement.height() / rows);
            for (int column = 0; column < columns; column++) {
                int x = (int) ((column + 0.5) * placement.width() / columns);
                centres[row * columns + column] = part[y * placement.width() + x];
            }
        }
        return centres;
    }

    /** The region at the picture's size. */
    Mask mask() {
        return mask;
    }

    /** 1 for each latent cell in the region, else 0. Not a copy. */
    float[] latent() {
        return latent;
    }

    /** Share of each cell of the attention's grid that lies in the region. Not a copy. */
    float[] grid() {
        return grid;
    }

    /** Whether the model sees none of the region. */
    boolean isOutOfSight() {
        for (float cell : latent) {
            if (cell > 0) {
                return false;
            }
        }
        return true;
    }

    /** latents ← latents − step·gradient ⊙ region. */
    void move(float[] latents, float[] gradient, double step) {
        for (int i = 0; i < latents.length; i++) {
            latents[i] -= (float) (step * gradient[i] * latent[i % latent.length]);
        }
    }

    /** Whether a pixel of the normal picture lies in the region and in the part that the model saw. */
    boolean covers(int x, int y) {
        return frame.contains(x, y) && mask.contains(x, y);
    }

    /** Puts a picture of the part, at its own size, into the normal picture. */
    RgbImage paste(RgbImage made) {
        var placement = frame.placement();
        RgbImage normal = frame.normal();
        byte[] from = made.toBytes();
        byte[] to = normal.toBytes();
        for (int y = 0; y < normal.height(); y++) {
            for (int x = 0; x < normal.width(); x++) {
                float weight = feather == null ? 1 : feather.weight(x, y);
                if (weight > 0 && frame.contains(x, y)) {
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

    /** Spreads a map over the part, [row][column], over the normal picture; zero outside the region. */
    ScoreMap spread(float[] map, int rows, int columns) {
        var placement = frame.placement();
        RgbImage normal = frame.normal();
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
