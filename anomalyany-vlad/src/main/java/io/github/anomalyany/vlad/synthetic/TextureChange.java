// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What DRAEM does to textures, with the ranges of its authors' code (the defaults of imgaug where that gives none). */
enum TextureChange {
    /** Each channel to a power of its own from 0.5 to 2. */
    GAMMA {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            double[] gammas = {random.between(0.5, 2), random.between(0.5, 2), random.between(0.5, 2)};
            return Colours.mapChannels(texture, (c, value) -> 255 * StrictMath.pow(value / 255.0, gammas[c]));
        }
    },
    /** The luma times 0.8 to 1.2 and plus −30 to 30, either first. */
    BRIGHTNESS {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            double factor = random.between(0.8, 1.2);
            double term = random.between(-30, 30) * (random.below(2) == 0 ? 1 : factor);
            return Colours.map(texture, rgb -> {
                double more = (factor - 1) * Colours.luma(rgb) + term;
                for (int c = 0; c < 3; c++) {
                    rgb[c] += more;
                }
            });
        }
    },
    /** From smooth (0) over unchanged (1) to twice as sharp (2). */
    SHARPNESS {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            return Neighbourhood.sharpen(texture, random.between(0, 2));
        }
    },
    /** Hue and saturation by −50 to 50 of 255, which is half of the hue's circle. */
    HUE_AND_SATURATION {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            double turns = random.between(-50, 50) / 255 / 2;
            double saturation = random.between(-50, 50) / 255;
            return Colours.map(texture, rgb -> Colours.shift(rgb, turns, saturation));
        }
    },
    /** With probability ½ values from a threshold of 32 to 128 on are inverted. */
    SOLARIZE {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            double threshold = random.below(2) == 0 ? 256 : random.between(32, 128);
            return Colours.mapChannels(texture, (c, value) -> value >= threshold ? 255 - value : value);
        }
    },
    /** The upper 1 to 8 bits are kept. */
    POSTERIZE {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            int dropped = random.below(8);
            return Colours.mapChannels(texture, (c, value) -> value >> dropped << dropped);
        }
    },
    /** The negative. */
    INVERT {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            return Colours.mapChannels(texture, (c, value) -> 255 - value);
        }
    },
    /** Each channel is stretched to the full range after 0 to 20 % were cut off at either end. */
    AUTOCONTRAST {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            return Histogram.of(texture).stretch(texture, random.below(21) / 100.0);
        }
    },
    /** Each channel's values are spread evenly. */
    EQUALIZE {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            return Histogram.of(texture).equalize(texture);
        }
    },
    /** Turned by −45° to 45° about its middle; the corners become black. */
    ROTATION {
        @Override
        RgbImage apply(RgbImage texture, Draws random) {
            return Neighbourhood.rotate(texture, random.between(-45, 45));
        }
    };

    private static final List<TextureChange> ALL = List.of(values());

    /** A changed copy. */
    abstract RgbImage apply(RgbImage texture, Draws random);

    /** Three different ones in random order. */
    static List<TextureChange> three(Draws random) {
        return Arrays.stream(random.order(ALL.size()))
                .limit(3)
                .mapToObj(ALL::get)
                .toList();
    }

    /** For provenance. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
