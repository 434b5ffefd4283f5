// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.RgbImage;

/** Changes of the pixels' colours, each rounded to 8 bits as in the published code. */
final class Colours {
    private Colours() {}

    /** Changes a pixel in place: red, green, blue, 0 to 255. What comes to lie outside is clamped. */
    interface PixelChange {
        void apply(double[] rgb);
    }

    /** The new value of a channel's old one; clamped. */
    interface ChannelChange {
        double at(int channel, int value);
    }

    static RgbImage map(RgbImage image, PixelChange change) {
        byte[] bytes = image.toBytes();
        var rgb = new double[3];
        for (int i = 0; i < bytes.length; i += 3) {
            for (int c = 0; c < 3; c++) {
                rgb[c] = bytes[i + c] & 0xff;
            }
            change.apply(rgb);
            for (int c = 0; c < 3; c++) {
                bytes[i + c] = toByte(rgb[c]);
            }
        }
        return RgbImage.of(image.width(), image.height(), bytes);
    }

    static RgbImage mapChannels(RgbImage image, ChannelChange change) {
        var table = new byte[3 * 256];
        for (int i = 0; i < table.length; i++) {
            table[i] = toByte(change.at(i >> 8, i & 0xff));
        }
        byte[] bytes = image.toBytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = table[(i % 3) << 8 | (bytes[i] & 0xff)];
        }
        return RgbImage.of(image.width(), image.height(), bytes);
    }

    static byte toByte(double value) {
        return (byte) Math.round(Math.max(0, Math.min(255, value)));
    }

    /** Moves a pixel from a grey through its colour: 0 is the grey, 1 changes nothing. */
    static void blend(double[] rgb, double grey, double factor) {
        for (int c = 0; c < 3; c++) {
            rgb[c] = grey + factor * (rgb[c] - grey);
        }
    }

    /** The grey of a pixel by the weights of ITU-R BT.601. */
    static double luma(double[] rgb) {
        return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    }

    /** Turns the hue by a share of the circle and adds to the saturation of 0 to 1 (HSV). */
    static void shift(double[] rgb, double turns, double saturation) {
        double value = Math.max(rgb[0], Math.max(rgb[1], rgb[2]));
        double range = value - Math.min(rgb[0], Math.min(rgb[1], rgb[2]));
        if (range == 0 && saturation <= 0) {
            return; // grey has no hue to turn
        }
        double hue = hue(rgb, value, range) + 6 * turns;
        double s = Math.max(0, Math.min(1, range / Math.max(value, 1e-9) + saturation));
        for (int c = 0; c < 3; c++) {
            double k = 5 - 2 * c + hue;
            k -= 6 * Math.floor(k / 6);
            rgb[c] = value - value * s * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
        }
    }

    /** Sixths of the circle. */
    private static double hue(double[] rgb, double value, double range) {
        if (range == 0) {
            return 0;
        }
        if (value == rgb[0]) {
            return (rgb[1] - rgb[2]) / range;
        }
        return value == rgb[1] ? 2 + (rgb[2] - rgb[0]) / range : 4 + (rgb[0] - rgb[1]) / range;
    }
}
