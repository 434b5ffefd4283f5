// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.internal.image.ForegroundFinder;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The proposals that {@link RegionProposal} offers. */
final class RegionProposals {
    private RegionProposals() {}

    record WholeImage() implements RegionProposal {
        @Override
        public String description() {
            return "whole-image";
        }

        @Override
        public Mask propose(RgbImage normal, long seed, int image) {
            return Mask.full(normal.width(), normal.height());
        }
    }

    record Either(RegionProposal first, RegionProposal second) implements RegionProposal {
        Either {
            Objects.requireNonNull(second, "other");
        }

        @Override
        public String description() {
            return first.description() + " or " + second.description();
        }

        @Override
        public Mask propose(RgbImage normal, long seed, int image) {
            try {
                return first.propose(normal, seed, image);
            } catch (IllegalArgumentException e) {
                return second.propose(normal, seed, image);
            }
        }
    }

    record Given(Mask mask) implements RegionProposal {
        Given {
            if (mask.isEmpty()) {
                throw new IllegalArgumentException(
                        "mask must have at least one pixel but is empty; use wholeImage() for the whole picture");
            }
        }

        @Override
        public String description() {
            return "mask(area=%d,width=%d,height=%d)".formatted(mask.area(), mask.width(), mask.height());
        }

        @Override
        public Mask propose(RgbImage normal, long seed, int image) {
            checkSize("mask", mask, normal);
            return mask;
        }
    }

    record Foreground() implements RegionProposal {
        @Override
        public String description() {
            return "foreground";
        }

        @Override
        public Mask propose(RgbImage normal, long seed, int image) {
            return ForegroundFinder.find(normal);
        }
    }

    record Random(Shape shape, double minArea, double maxArea, RegionProposal inside) implements RegionProposal {
        Random {
            Objects.requireNonNull(shape, "shape");
            Objects.requireNonNull(inside, "inside");
            if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
                throw new IllegalArgumentException(
                        "minArea and maxArea must be above 0, at most 1 and in this order but were %s and %s"
                                .formatted(minArea, maxArea));
            }
        }

        @Override
        public String description() {
            return "random(%s,%s..%s,inside=%s)"
                    .formatted(shape.name().toLowerCase(Locale.ROOT), minArea, maxArea, inside.description());
        }

        @Override
        public Mask propose(RgbImage normal, long seed, int image) {
            var random = new RegionRandom(seed, image);
            Mask around = inside.propose(normal, seed, image);
            checkSize(inside.description(), around, normal);
            int area = around.area();
            int least = Math.max(1, (int) Math.ceil(minArea * area));
            int most = (int) Math.floor(maxArea * area);
            if (least > most) {
                throw new IllegalArgumentException("no whole number of pixels is %s to %s of the %d pixels of %s; "
                                .formatted(minArea, maxArea, area, inside.description())
                        + "widen the range of areas or give a larger region");
            }
            int target = least + random.below(most - least + 1);
            Shape kind = shape == Shape.ANY ? RegionShapes.ALL.get(random.below(RegionShapes.ALL.size())) : shape;
            var growth = new RegionGrowth(around);
            while (growth.left() > 0) {
                int start = growth.pixel(random.below(growth.left()));
                Optional<Mask> grown =
                        growth.grow(start, RegionShapes.draw(kind, random, around, start, target), least, target);
                if (grown.isPresent()) {
                    return grown.get();
                }
            }
            throw new IllegalArgumentException("no connected part of %s has %d pixels, %s of its %d; "
                            .formatted(inside.description(), least, minArea, area)
                    + "lower minArea or give a region in larger parts");
        }
    }

    private static void checkSize(String name, Mask mask, RgbImage normal) {
        if (mask.width() != normal.width() || mask.height() != normal.height()) {
            throw new IllegalArgumentException("%s must be %d×%d as the normal picture is, but was %d×%d"
                    .formatted(name, normal.width(), normal.height(), mask.width(), mask.height()));
        }
    }
}
