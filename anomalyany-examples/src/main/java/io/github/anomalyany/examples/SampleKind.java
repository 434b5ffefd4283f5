// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/** A kind of object or surface that ships with the examples, as photos or drawn. */
enum SampleKind {
    BRICK,
    WOOD,
    CAPSULE,
    TILE,
    METAL;

    /** Normal pictures of each kind. */
    static final int PICTURES = 4;

    /** The model's word for it. */
    String noun() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether this program draws it, rather than reading a file of the sample data. */
    boolean drawn() {
        return this == TILE || this == METAL;
    }

    /**
     * A normal picture.
     *
     * @param number any, 0 or more; pictures repeat after {@value #PICTURES}
     * @return 256×256 pixels
     * @throws IOException if the file can't be read
     */
    RgbImage normal(int number) throws IOException {
        int index = number % PICTURES;
        return switch (this) {
            case BRICK, WOOD, CAPSULE -> read("sample-data/%s/test/good/%03d.png".formatted(noun(), index));
            case TILE -> DrawnSurface.tile(index);
            case METAL -> DrawnSurface.metal(index);
        };
    }

    /** Ellipses of about 5 to 15 % of the picture, on the object. */
    RegionProposal region() {
        return this == CAPSULE
                ? RegionProposal.random(Shape.ELLIPSE, 0.25, 0.5)
                : RegionProposal.random(Shape.ELLIPSE, 0.05, 0.15, RegionProposal.wholeImage());
    }

    private static RgbImage read(String resource) throws IOException {
        try (var in = SampleKind.class.getResourceAsStream(resource)) {
            return RgbImage.read(Objects.requireNonNull(in, resource));
        }
    }
}
