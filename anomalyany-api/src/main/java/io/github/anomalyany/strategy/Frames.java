// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Region;
import java.util.Objects;

/** The frames that {@link Frame} offers. */
final class Frames {
    private Frames() {}

    record Fit() implements Frame {
        @Override
        public String description() {
            return "fit";
        }

        @Override
        public Placement place(int width, int height, ModelSize size) {
            return padded(0, 0, width, height, size);
        }
    }

    record Stretch() implements Frame {
        @Override
        public String description() {
            return "stretch";
        }

        @Override
        public Placement place(int width, int height, ModelSize size) {
            int side = size.nearest(size.nativeSide());
            return new Placement(0, 0, width, height, side, side);
        }
    }

    record Around(Region region, double margin) implements Frame {
        Around {
            Objects.requireNonNull(region, "region");
            if (!(margin >= 0 && margin <= 100)) {
                throw new IllegalArgumentException("margin must be in [0, 100] but was " + margin);
            }
        }

        @Override
        public String description() {
            return "around(x=%d,y=%d,width=%d,height=%d,margin=%s)"
                    .formatted(region.x(), region.y(), region.width(), region.height(), margin);
        }

        @Override
        public Placement place(int width, int height, ModelSize size) {
            if (region.x() < 0
                    || region.y() < 0
                    || region.x() + region.width() > width
                    || region.y() + region.height() > height) {
                throw new IllegalArgumentException(
                        "the frame's %s must lie in the picture of %d×%d".formatted(region, width, height));
            }
            int longer = Math.max(region.width(), region.height());
            int side = (int) Math.ceil(longer * (1 + 2 * margin));
            int cropWidth = Math.min(side, width);
            int cropHeight = Math.min(side, height);
            int x = clamp(region.x() + region.width() / 2 - cropWidth / 2, width - cropWidth);
            int y = clamp(region.y() + region.height() / 2 - cropHeight / 2, height - cropHeight);
            return padded(x, y, cropWidth, cropHeight, size);
        }

        private static int clamp(int value, int max) {
            return Math.max(0, Math.min(value, max));
        }
    }

    /** Longer side at the native size; the shorter grows beyond the part, evenly on both sides, to the next multiple. */
    private static Frame.Placement padded(int x, int y, int width, int height, Frame.ModelSize size) {
        int side = size.nearest(size.nativeSide());
        double scale = (double) side / Math.max(width, height);
        if (width >= height) {
            int modelHeight = size.covering(height * scale);
            int grown = Math.max(height, (int) Math.rint(modelHeight / scale));
            return new Frame.Placement(x, y - (grown - height) / 2, width, grown, side, modelHeight);
        }
        int modelWidth = size.covering(width * scale);
        int grown = Math.max(width, (int) Math.rint(modelWidth / scale));
        return new Frame.Placement(x - (grown - width) / 2, y, grown, height, modelWidth, side);
    }
}
