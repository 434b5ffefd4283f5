// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import java.util.Objects;

/**
 * A band along the inner side of an object's outline, where parts chip, fray and rust. The same for every seed; for one place
 * on it, draw a shape inside it:
 *
 * <pre>{@code
 * var band = new BorderBandProposal(RegionProposal.foreground(), 0.1);
 * GenerationRequest.builder()
 *         .normal(photo)
 *         .anomaly("a photo of a capsule with a dent")
 *         .region(RegionProposal.random(RegionProposal.Shape.POLYGON, 0.2, 0.3, band))
 *         .build();
 * }</pre>
 *
 * @param object says where the object is
 * @param width of the band as a share of the shorter side of the object's bounds, above 0 to 0.5; one pixel at least
 */
public record BorderBandProposal(RegionProposal object, double width) implements RegionProposal {
    /**
     * Checks the range.
     *
     * @param object says where the object is
     * @param width of the band as a share of the shorter side of the object's bounds, above 0 to 0.5
     * @throws IllegalArgumentException if the width is out of range
     */
    public BorderBandProposal {
        Objects.requireNonNull(object, "object");
        if (!(width > 0 && width <= 0.5)) {
            throw new IllegalArgumentException("width must be in (0, 0.5] but was " + width);
        }
    }

    @Override
    public String description() {
        return "border-band(" + width + ",of=" + object.description() + ")";
    }

    @Override
    public Mask propose(RgbImage normal, long seed, int image) {
        Mask whole = object.propose(normal, seed, image);
        Region bounds = whole.bounds()
                .orElseThrow(() -> new IllegalArgumentException(object.description() + " gave an empty mask"));
        int reach = Math.max(1, (int) Math.round(width * Math.min(bounds.width(), bounds.height())));
        Mask band = whole.and(near(whole, reach));
        if (band.isEmpty()) {
            throw new IllegalArgumentException("%s covers the whole picture of %d×%d, so that it has no outline"
                    .formatted(object.description(), normal.width(), normal.height()));
        }
        return band;
    }

    /** The pixels at most so far from one outside the mask. What lies beyond the picture counts as neither. */
    private static Mask near(Mask mask, int reach) {
        int w = mask.width();
        int h = mask.height();
        var near = new boolean[w * h];
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                if (isOutsideBesideIt(mask, x, y)) {
                    stamp(near, w, h, x, y, reach);
                }
            }
        }
        return Mask.of(w, h, near);
    }

    private static boolean isOutsideBesideIt(Mask mask, int x, int y) {
        return !mask.contains(x, y)
                && (isSet(mask, x - 1, y) || isSet(mask, x + 1, y) || isSet(mask, x, y - 1) || isSet(mask, x, y + 1));
    }

    private static boolean isSet(Mask mask, int x, int y) {
        return x >= 0 && y >= 0 && x < mask.width() && y < mask.height() && mask.contains(x, y);
    }

    private static void stamp(boolean[] pixels, int w, int h, int x, int y, int radius) {
        for (int py = Math.max(0, y - radius); py <= Math.min(h - 1, y + radius); py++) {
            for (int px = Math.max(0, x - radius); px <= Math.min(w - 1, x + radius); px++) {
                if ((px - x) * (px - x) + (py - y) * (py - y) <= radius * radius) {
                    pixels[py * w + px] = true;
                }
            }
        }
    }
}
