// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

/**
 * Colours for scores: from dark violet (0) over red to light yellow (1).
 *
 * <p>Lightness grows evenly, as the eye sees it, so equal steps of the score look like equal steps, in print without
 * colour and to people who can't tell red from green too. Computed in the colour space Oklab, where lightness is a
 * coordinate of its own.
 */
public final class HeatColors {
    private static final int LAST = 255;
    private static final int[] TABLE = new int[LAST + 1];

    private static final double DARKEST = 0.22;
    private static final double LIGHTEST = 0.94;
    private static final double FIRST_HUE = Math.toRadians(-65);
    private static final double LAST_HUE = Math.toRadians(105);
    private static final double LEAST_CHROMA = 0.08;
    private static final double ADDED_CHROMA = 0.11;

    static {
        for (int i = 0; i <= LAST; i++) {
            TABLE[i] = compute((double) i / LAST);
        }
    }

    private HeatColors() {}

    /**
     * The colour of a score.
     *
     * @param score 0 to 1; values beyond get the colour of the nearer end
     * @return {@code 0xRRGGBB}
     */
    public static int rgb(float score) {
        return TABLE[Math.round(Math.max(0, Math.min(1, score)) * LAST)];
    }

    private static int compute(double t) {
        double lightness = DARKEST + t * (LIGHTEST - DARKEST);
        double hue = FIRST_HUE + t * (LAST_HUE - FIRST_HUE);
        // Screens show little chroma near black and near white.
        double chroma = LEAST_CHROMA + ADDED_CHROMA * Math.sin(Math.PI * t);
        return fromOklab(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue));
    }

    /** Ottosson, "A perceptual color space for image processing", 2020: Oklab to linear sRGB. */
    private static int fromOklab(double lightness, double a, double b) {
        double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        int red = encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
        int green = encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
        int blue = encode(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s);
        return red << 16 | green << 8 | blue;
    }

    private static double cube(double x) {
        return x * x * x;
    }

    /** The curve of sRGB, and 8 bits. */
    private static int encode(double linear) {
        double x = Math.max(0, Math.min(1, linear));
        double encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * Math.pow(x, 1 / 2.4) - 0.055;
        return (int) Math.round(encoded * 255);
    }
}
