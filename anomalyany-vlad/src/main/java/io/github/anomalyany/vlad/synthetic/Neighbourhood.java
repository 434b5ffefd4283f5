// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.RgbImage;

/** Changes of a texture that look at the pixels around a place. */
final class Neighbourhood {
    private Neighbourhood() {}

    /** Moves from the smoothed picture (0) through the picture (1) and beyond; the border stays. */
    static RgbImage sharpen(RgbImage image, double factor) {
        int w = image.width();
        byte[] from = image.toBytes();
        byte[] to = image.toBytes();
        for (int y = 1; y < image.height() - 1; y++) {
            for (int at = 3 * (y * w + 1); at < 3 * (y * w + w - 1); at++) {
                double smooth = smooth(from, at, 3 * w);
                to[at] = Colours.toByte(smooth + factor * ((from[at] & 0xff) - smooth));
            }
        }
        return RgbImage.of(w, image.height(), to);
    }

    /** Pillow's smoothing kernel: 5 in the middle, 1 for each of the eight around. */
    private static double smooth(byte[] rgb, int at, int row) {
        int sum = 4 * (rgb[at] & 0xff);
        for (int y = -row; y <= row; y += row) {
            for (int x = -3; x <= 3; x += 3) {
                sum += rgb[at + y + x] & 0xff;
            }
        }
        return sum / 13.0;
    }

    /** Turns about the middle with bilinear interpolation; what comes from outside is black. */
    static RgbImage rotate(RgbImage image, double degrees) {
        int w = image.width();
        int h = image.height();
        var turn = Turn.byDegrees(degrees);
        byte[] from = image.toBytes();
        var to = new byte[from.length];
        for (int at = 0; at < to.length; at += 3) {
            int column = at / 3 % w;
            int row = at / 3 / w;
            double dx = column - (w - 1) / 2.0;
            double dy = row - (h - 1) / 2.0;
            double x = turn.x(dx, dy) + (w - 1) / 2.0;
            double y = turn.y(dx, dy) + (h - 1) / 2.0;
            for (int c = 0; c < 3; c++) {
                to[at + c] = Colours.toByte(bilinear(from, w, h, x, y, c));
            }
        }
        return RgbImage.of(w, h, to);
    }

    private static double bilinear(byte[] rgb, int w, int h, double x, double y, int channel) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double sum = 0;
        for (int corner = 0; corner < 4; corner++) {
            int cx = left + (corner & 1);
            int cy = top + (corner >> 1);
            if (cx >= 0 && cy >= 0 && cx < w && cy < h) {
                double weight = (1 - Math.abs(x - cx)) * (1 - Math.abs(y - cy));
                sum += weight * (rgb[3 * (cy * w + cx) + channel] & 0xff);
            }
        }
        return sum;
    }
}
