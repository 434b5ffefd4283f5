// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.RgbImage;
import java.util.SplittableRandom;

/**
 * Draws flawless surfaces as the built-in model's training pictures have them (see tools/tiny-bundle/train_tiny.py). Equal
 * seeds give equal pictures on every Java runtime.
 */
final class DrawnSurface {
    private static final int SIDE = 256;

    private final SplittableRandom random;
    private final byte[] rgb = new byte[3 * SIDE * SIDE];

    private DrawnSurface(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Brushed metal, grey, with a band of light. */
    static RgbImage metal(long seed) {
        return new DrawnSurface(seed).metal();
    }

    /** Glazed square tiles with grout between them. */
    static RgbImage tile(long seed) {
        return new DrawnSurface(seed).tile();
    }

    private RgbImage metal() {
        double[] fine = smooth(120, 2);
        double[] coarse = smooth(36, 2);
        double[] base = color(new double[] {.38, .40, .43}, new double[] {.72, .72, .72}, .02);
        double light = between(.05, .16);
        double at = random.nextDouble();
        double width = between(.1, .35);
        for (int i = 0; i < SIDE * SIDE; i++) {
            int row = i / SIDE;
            double y = ((double) row / SIDE - at) / width;
            double shine = .05 * fine[i] + .03 * coarse[i] + light * StrictMath.exp(-y * y);
            paint(i, base, 1 + shine, .3 * shine);
        }
        return picture();
    }

    private RgbImage tile() {
        double size = between(62, 112);
        double gap = between(2, 4);
        double left = between(0, size);
        double top = between(0, size);
        double[] tints = uniform(16 * 16, .06);
        double[] wave = smooth(14, 14);
        double[] grain = smooth(60, 60);
        double[] glaze = color(new double[] {.30, .42, .55}, new double[] {.80, .78, .74}, .04);
        double[] grout = color(new double[] {.30, .29, .28}, new double[] {.72, .70, .66}, .04);
        for (int i = 0; i < SIDE * SIDE; i++) {
            double u = (i % SIDE + left) / size;
            int row = i / SIDE;
            double v = (row + top) / size;
            double edge = size * Math.min(Math.abs(u - Math.rint(u)), Math.abs(v - Math.rint(v)));
            double tint = tints[(int) v % 16 * 16 + (int) u % 16];
            double bevel = (edge - gap - 2) / 1.6;
            double gloss = .05 * (u - Math.floor(u) - v + Math.floor(v)) + .02 * wave[i];
            paint(i, grout, 1 + .04 * grain[i], 0);
            double shine = 1 + tint + gloss + .1 * StrictMath.exp(-bevel * bevel);
            cover(i, glaze, shine, Math.max(0, Math.min(1, (edge - gap) / 1.8 + .5)));
        }
        return picture();
    }

    private RgbImage picture() {
        return RgbImage.of(SIDE, SIDE, rgb);
    }

    private void paint(int pixel, double[] color, double factor, double plus) {
        for (int channel = 0; channel < 3; channel++) {
            rgb[3 * pixel + channel] = level(color[channel] * factor + plus);
        }
    }

    /** Paints over what is there. */
    private void cover(int pixel, double[] color, double factor, double opacity) {
        for (int channel = 0; channel < 3; channel++) {
            double under = (rgb[3 * pixel + channel] & 0xff) / 255.0;
            rgb[3 * pixel + channel] = level(under + opacity * (color[channel] * factor - under));
        }
    }

    private static byte level(double value) {
        return (byte) Math.round(255 * Math.max(0, Math.min(1, value)));
    }

    /** A colour between two, a little off in each channel. */
    private double[] color(double[] low, double[] high, double spread) {
        double t = random.nextDouble();
        double[] color = uniform(3, spread);
        for (int channel = 0; channel < 3; channel++) {
            color[channel] += low[channel] + t * (high[channel] - low[channel]);
        }
        return color;
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private double[] uniform(int count, double spread) {
        var values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = between(-spread, spread);
        }
        return values;
    }

    /** A random field of so many bumps down and across, of zero mean and unit deviation. */
    private double[] smooth(int rows, int columns) {
        double[] knots = uniform((rows + 1) * (columns + 1), 1);
        var field = new double[SIDE * SIDE];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < field.length; i++) {
            int row = i / SIDE * rows;
            int column = i % SIDE * columns;
            int knot = row / SIDE * (columns + 1) + column / SIDE;
            double across = ease((double) (column % SIDE) / SIDE);
            double above = mix(knots[knot], knots[knot + 1], across);
            double below = mix(knots[knot + columns + 1], knots[knot + columns + 2], across);
            field[i] = mix(above, below, ease((double) (row % SIDE) / SIDE));
            sum += field[i];
            squares += field[i] * field[i];
        }
        double mean = sum / field.length;
        double deviation = Math.sqrt(squares / field.length - mean * mean);
        for (int i = 0; i < field.length; i++) {
            field[i] = (field[i] - mean) / deviation;
        }
        return field;
    }

    private static double ease(double t) {
        return t * t * (3 - 2 * t);
    }

    private static double mix(double from, double to, double share) {
        return from + share * (to - from);
    }
}
