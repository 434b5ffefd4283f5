// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.RgbImage;
import java.util.List;
import java.util.Locale;

/** Textures in the place of photos: a pattern, turned and warped, that mixes two random colours, with grain. */
enum DrawnTexture {
    /** Waves across. */
    BANDED {
        @Override
        double at(Plane plane, double x, double y) {
            return 0.5 + 0.5 * StrictMath.sin(Math.PI * x);
        }
    },
    /** Squares in turn. */
    CHEQUERED {
        @Override
        double at(Plane plane, double x, double y) {
            return ((long) Math.floor(x) + (long) Math.floor(y)) & 1;
        }
    },
    /** Discs at random places. */
    DOTTED {
        @Override
        double at(Plane plane, double x, double y) {
            return plane.nearest(x, y)[0] < 0.3 ? 1 : 0;
        }
    },
    /** Waves bent by noise. */
    MARBLED {
        @Override
        double at(Plane plane, double x, double y) {
            return 0.5 + 0.5 * StrictMath.sin(x + 8 * plane.clouds(x / 4, y / 4));
        }
    },
    /** Lines between cells about random places. */
    CRACKED {
        @Override
        double at(Plane plane, double x, double y) {
            double[] nearest = plane.nearest(x, y);
            return (nearest[1] - nearest[0]) / 0.2;
        }
    },
    /** Noise of four octaves. */
    CLOUDED {
        @Override
        double at(Plane plane, double x, double y) {
            return 0.5 + plane.clouds(x / 2, y / 2);
        }
    };

    static final List<DrawnTexture> ALL = List.of(values());

    /** Largest grain, in 8-bit levels. */
    private static final double MOST_GRAIN = 24;

    /** The share of the second colour, clamped to 0 to 1. */
    abstract double at(Plane plane, double x, double y);

    /** A picture whose shorter side has 4 to 24 repetitions. */
    RgbImage draw(int width, int height, Draws random) {
        double scale = random.between(4, 24) / Math.min(width, height);
        double warp = random.between(0, 0.5);
        double grain = random.between(0, MOST_GRAIN);
        var turn = Turn.byDegrees(random.between(0, 360));
        double[] first = colour(random);
        double[] second = colour(random);
        var plane = new Plane(random);
        var rgb = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            int column = i % width;
            int row = i / width;
            double x = turn.x(scale * column, scale * row);
            double y = turn.y(scale * column, scale * row);
            double bend = warp * plane.clouds(x / 3, y / 3);
            double share = Math.max(0, Math.min(1, at(plane, x + bend, y - bend)));
            double speck = random.between(-grain, grain);
            for (int c = 0; c < 3; c++) {
                rgb[3 * i + c] = Colours.toByte(first[c] + share * (second[c] - first[c]) + speck);
            }
        }
        return RgbImage.of(width, height, rgb);
    }

    private static double[] colour(Draws random) {
        return new double[] {random.between(0, 255), random.between(0, 255), random.between(0, 255)};
    }

    /** For provenance. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Noise and random places on a plane; both repeat far away. */
    static final class Plane {
        private static final int PERIOD = 64;

        private final PerlinNoise noise;
        private final double[] placesX = new double[PERIOD * PERIOD];
        private final double[] placesY = new double[PERIOD * PERIOD];

        Plane(Draws random) {
            noise = new PerlinNoise(PERIOD, PERIOD, random);
            for (int i = 0; i < placesX.length; i++) {
                placesX[i] = random.between(0, 1);
                placesY[i] = random.between(0, 1);
            }
        }

        /** About −1 to 1. */
        double clouds(double x, double y) {
            double sum = 0;
            for (int octave = 0; octave < 4; octave++) {
                int frequency = 1 << octave;
                // shifted, since every octave is zero at whole numbers
                sum += noise.at(x * frequency + 0.37 * octave, y * frequency + 0.71 * octave) / frequency;
            }
            return sum;
        }

        /** Distances of the nearest and the second nearest random place. */
        double[] nearest(double x, double y) {
            double first = Double.POSITIVE_INFINITY;
            double second = Double.POSITIVE_INFINITY;
            int column = (int) Math.floor(x);
            int row = (int) Math.floor(y);
            for (int cell = 0; cell < 9; cell++) {
                int cx = column - 1 + cell % 3;
                int cy = row - 1 + cell / 3;
                int at = Math.floorMod(cy, PERIOD) * PERIOD + Math.floorMod(cx, PERIOD);
                double dx = cx + placesX[at] - x;
                double dy = cy + placesY[at] - y;
                double distance = Math.sqrt(dx * dx + dy * dy);
                second = Math.min(second, Math.max(first, distance));
                first = Math.min(first, distance);
            }
            return new double[] {first, second};
        }
    }
}
