// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** Perlin's gradient noise, the sum of four octaves: about −1 to 1, 0 on average. */
final class GradientNoise {
    private static final int OCTAVES = 4;
    private static final int PERIOD = 256;

    private final int[] order = new int[PERIOD];
    private final double[] gradientX = new double[PERIOD];
    private final double[] gradientY = new double[PERIOD];

    GradientNoise(RegionRandom random) {
        for (int i = 0; i < PERIOD; i++) {
            int j = random.below(i + 1); // Fisher and Yates's shuffle, as it fills the array
            order[i] = order[j];
            order[j] = i;
            double angle = random.between(0, 2 * Math.PI);
            gradientX[i] = StrictMath.cos(angle);
            gradientY[i] = StrictMath.sin(angle);
        }
    }

    double at(double x, double y) {
        double sum = 0;
        double frequency = 1;
        for (int octave = 0; octave < OCTAVES; octave++) {
            // shifted, since every octave is zero at whole numbers
            sum += octave(x * frequency + 0.37 * octave, y * frequency + 0.71 * octave) / frequency;
            frequency *= 2;
        }
        return sum;
    }

    private double octave(double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double dx = x - left;
        double dy = y - top;
        double u = smooth(dx);
        double above = mix(corner(left, top, dx, dy), corner(left + 1, top, dx - 1, dy), u);
        double below = mix(corner(left, top + 1, dx, dy - 1), corner(left + 1, top + 1, dx - 1, dy - 1), u);
        return mix(above, below, smooth(dy));
    }

    private double corner(int x, int y, double dx, double dy) {
        int at = order[(order[x & (PERIOD - 1)] + y) & (PERIOD - 1)];
        return gradientX[at] * dx + gradientY[at] * dy;
    }

    private static double smooth(double t) {
        return t * t * t * (t * (6 * t - 15) + 10);
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
