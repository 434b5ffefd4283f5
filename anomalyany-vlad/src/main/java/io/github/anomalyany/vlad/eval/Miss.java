// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * A picture that a method took for the other kind, or came near to.
 *
 * @param round method, shots and seed
 * @param category the picture's category
 * @param sample the picture
 * @param picture its score
 * @param wrongSide share of the category's pictures of the other kind that it stands on the wrong side of
 * @param towardsOtherKind how far its score lies towards the other kind
 * @param map its pixels' scores
 * @param low pixel score that isn't coloured
 * @param high pixel score of the last colour
 * @param file where it is drawn, relative to the report
 */
record Miss(
        Round round,
        String category,
        Sample sample,
        Cell.Picture picture,
        double wrongSide,
        double towardsOtherKind,
        SmallMap map,
        double low,
        double high,
        String file) {
    private static final int LARGEST_PANEL = 256;
    private static final int GAP = 4;
    private static final byte[] OUTLINE = {0, (byte) 230, 118};

    Miss withFile(String newFile) {
        return new Miss(round, category, sample, picture, wrongSide, towardsOtherKind, map, low, high, newFile);
    }

    /** Three panels: the picture, the picture with the truth's outline, the picture under its map. */
    RgbImage draw() throws IOException {
        var whole = sample.readImage();
        double factor = Math.min(1, (double) LARGEST_PANEL / Math.max(whole.width(), whole.height()));
        int width = Math.max(1, (int) Math.round(factor * whole.width()));
        int height = Math.max(1, (int) Math.round(factor * whole.height()));
        var small = whole.resize(width, height, Resampling.BICUBIC);
        var truth = sample.readMask(whole)
                .map(mask -> MaskResampling.BILINEAR.resize(mask, width, height))
                .orElseGet(() -> Mask.empty(width, height));
        return sideBySide(
                List.of(small, outlined(small, truth), map.map(width, height).overlay(small, low, high)));
    }

    private static RgbImage outlined(RgbImage image, Mask mask) {
        byte[] rgb = image.toBytes();
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (!mask.contains(x, y) && touches(mask, x, y)) {
                    System.arraycopy(OUTLINE, 0, rgb, 3 * (y * mask.width() + x), 3);
                }
            }
        }
        return RgbImage.of(image.width(), image.height(), rgb);
    }

    private static boolean touches(Mask mask, int x, int y) {
        for (int v = Math.max(0, y - 1); v <= Math.min(mask.height() - 1, y + 1); v++) {
            for (int u = Math.max(0, x - 1); u <= Math.min(mask.width() - 1, x + 1); u++) {
                if (mask.contains(u, v)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static RgbImage sideBySide(List<RgbImage> panels) {
        int width = panels.get(0).width();
        int height = panels.get(0).height();
        int all = panels.size() * (width + GAP) - GAP;
        byte[] sheet = new byte[3 * all * height];
        Arrays.fill(sheet, (byte) 0xff);
        for (int i = 0; i < panels.size(); i++) {
            byte[] rgb = panels.get(i).toBytes();
            for (int y = 0; y < height; y++) {
                System.arraycopy(rgb, 3 * y * width, sheet, 3 * (y * all + i * (width + GAP)), 3 * width);
            }
        }
        return RgbImage.of(all, height, sheet);
    }
}
