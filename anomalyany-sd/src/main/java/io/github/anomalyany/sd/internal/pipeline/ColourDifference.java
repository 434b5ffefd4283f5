// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.image.RgbImage;

/** CIE76 colour difference of sRGB pictures (D65): the distance in L*a*b*, of which about 2.3 is just noticeable. */
final class ColourDifference {
    private static final double[] LINEAR = new double[256];

    static {
        for (int i = 0; i < 256; i++) {
            double unit = i / 255.0;
            LINEAR[i] = unit <= 0.04045 ? unit / 12.92 : StrictMath.pow((unit + 0.055) / 1.055, 2.4);
        }
    }

    /** The cube root's part of the L*a*b* curve at even steps of [0, 1]; between them a straight line is right to 1e-6. */
    private static final int STEPS = 1 << 14;

    private static final double[] ROOT = new double[STEPS + 2];

    static {
        for (int i = 0; i < ROOT.length; i++) {
            double t = (double) i / STEPS;
            ROOT[i] = t > 216.0 / 24389 ? StrictMath.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
        }
    }

    private ColourDifference() {}

    /** The difference of each pixel of two pictures of one size, row by row. */
    static float[] between(RgbImage first, RgbImage second) {
        byte[] a = first.toBytes();
        byte[] b = second.toBytes();
        var difference = new float[a.length / 3];
        var labA = new double[3];
        var labB = new double[3];
        for (int i = 0; i < difference.length; i++) {
            int at = 3 * i;
            if (a[at] != b[at] || a[at + 1] != b[at + 1] || a[at + 2] != b[at + 2]) {
                lab(a, at, labA);
                lab(b, at, labB);
                double l = labA[0] - labB[0];
                double u = labA[1] - labB[1];
                double v = labA[2] - labB[2];
                difference[i] = (float) Math.sqrt(l * l + u * u + v * v);
            }
        }
        return difference;
    }

    private static void lab(byte[] rgb, int at, double[] lab) {
        double r = LINEAR[rgb[at] & 0xff];
        double g = LINEAR[rgb[at + 1] & 0xff];
        double b = LINEAR[rgb[at + 2] & 0xff];
        double x = root((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
        double y = root(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
        double z = root((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
        lab[0] = 116 * y - 16;
        lab[1] = 500 * (x - y);
        lab[2] = 200 * (y - z);
    }

    private static double root(double t) {
        double at = STEPS * Math.min(1, t);
        int below = (int) at;
        return ROOT[below] + (at - below) * (ROOT[below + 1] - ROOT[below]);
    }
}
