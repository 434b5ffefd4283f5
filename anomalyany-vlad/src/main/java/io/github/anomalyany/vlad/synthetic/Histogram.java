// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.RgbImage;

/** How often each value of each channel occurs, and the changes that follow from it. */
final class Histogram {
    private final int[][] upTo;

    private Histogram(int[][] upTo) {
        this.upTo = upTo;
    }

    static Histogram of(RgbImage image) {
        byte[] rgb = image.toBytes();
        var upTo = new int[3][256];
        for (int i = 0; i < rgb.length; i++) {
            upTo[i % 3][rgb[i] & 0xff]++;
        }
        for (int[] counts : upTo) {
            for (int value = 1; value < 256; value++) {
                counts[value] += counts[value - 1];
            }
        }
        return new Histogram(upTo);
    }

    /** Stretches each channel to the full range after a share of the values was cut off at either end. */
    RgbImage stretch(RgbImage image, double cut) {
        int pixels = upTo[0][255];
        var least = new int[3];
        var most = new int[3];
        for (int c = 0; c < 3; c++) {
            least[c] = firstAbove(c, cut * pixels);
            most[c] = firstAbove(c, pixels - Math.max(1, cut * pixels));
        }
        return Colours.mapChannels(image, (c, value) -> {
            int range = most[c] - least[c];
            return range <= 0 ? value : 255.0 * (value - least[c]) / range;
        });
    }

    /** Spreads each channel's values evenly over the full range. */
    RgbImage equalize(RgbImage image) {
        int pixels = upTo[0][255];
        return Colours.mapChannels(image, (c, value) -> {
            int lowest = upTo[c][firstAbove(c, 0)];
            return lowest == pixels ? value : 255.0 * (upTo[c][value] - lowest) / (pixels - lowest);
        });
    }

    /** The first value up to which there are more pixels than that. */
    private int firstAbove(int channel, double pixels) {
        int value = 0;
        while (value < 255 && upTo[channel][value] <= pixels) {
            value++;
        }
        return value;
    }
}
