// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

/** Perlin's gradient noise of one octave on a grid of cells: −1 to 1, 0 at the corners of the cells. */
final class PerlinNoise {
    private final int columns;
    private final int rows;
    private final double[] gradientX;
    private final double[] gradientY;

    /** Draws a gradient for each corner of the cells; beyond the cells the gradients repeat. */
    PerlinNoise(int cellsX, int cellsY, Draws random) {
        columns = cellsX + 1;
        rows = cellsY + 1;
        gradientX = new double[columns * rows];
        gradientY = new double[columns * rows];
        for (int i = 0; i < gradientX.length; i++) {
            double angle = random.between(0, 2 * Math.PI);
            gradientX[i] = StrictMath.cos(angle);
            gradientY[i] = StrictMath.sin(angle);
        }
    }

    /** The noise at a place, in cells. */
    double at(double x, double y) {
        int left = (int) Math.floor(x);
        int top = (int) Math.floor(y);
        double dx = x - left;
        double dy = y - top;
        double u = smooth(dx);
        double above = mix(corner(left, top, dx, dy), corner(left + 1, top, dx - 1, dy), u);
        double below = mix(corner(left, top + 1, dx, dy - 1), corner(left + 1, top + 1, dx - 1, dy - 1), u);
        return Math.sqrt(2) * mix(above, below, smooth(dy));
    }

    private double corner(int x, int y, double dx, double dy) {
        int at = Math.floorMod(y, rows) * columns + Math.floorMod(x, columns);
        return gradientX[at] * dx + gradientY[at] * dy;
    }

    private static double smooth(double t) {
        return t * t * t * (t * (6 * t - 15) + 10);
    }

    private static double mix(double a, double b, double share) {
        return a + share * (b - a);
    }
}
