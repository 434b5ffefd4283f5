// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

/**
 * Single-precision functions as PyTorch's vectorised code computes them: the polynomials of Moshier's Cephes library, every
 * product that is followed by a sum fused with it. The order of operations is part of the result.
 */
final class VectorMath {
    private static final float SQRT_HALF = 0.70710677f;
    private static final float LN2_HIGH = 0.6933594f;
    private static final float LN2_LOW = -2.1219444e-4f;
    private static final float FOUR_OVER_PI = 1.2732395f;
    /** π/4 in three parts, negative. */
    private static final float[] MINUS_PI_4 = {-0.78515625f, -2.4187565e-4f, -3.774895e-8f};

    private static final float[] LOG = {
        0.070376836f,
        -0.1151461f,
        0.116769984f,
        -0.12420141f,
        0.14249323f,
        -0.16668057f,
        0.20000714f,
        -0.24999994f,
        0.3333333f
    };
    private static final float[] SIN = {-1.9515296e-4f, 0.008332161f, -0.16666655f};
    private static final float[] COS = {2.4433157e-5f, -0.0013887316f, 0.041666646f};

    private VectorMath() {}

    /** Natural logarithm of a positive number. */
    static float log(float x) {
        float normal = Math.max(x, Float.MIN_NORMAL);
        int exponent = Math.getExponent(normal) + 1;
        float mantissa = Math.scalb(normal, -exponent); // in [0.5, 1)
        if (mantissa < SQRT_HALF) {
            exponent--;
            mantissa += mantissa;
        }
        float r = mantissa - 1;
        float square = r * r;
        float p = polynomial(LOG, r) * r;
        p = Math.fma(p, square, exponent * LN2_LOW);
        p = Math.fma(-square, 0.5f, p);
        return Math.fma((float) exponent, LN2_HIGH, r + p);
    }

    /** Sine of an angle from 0 to 2π. */
    static float sin(float angle) {
        int octant = octant(angle);
        float reduced = reduced(angle, octant);
        float value = (octant & 2) == 0 ? sinPolynomial(reduced) : cosPolynomial(reduced);
        return (octant & 4) == 0 ? value : -value;
    }

    /** Cosine of an angle from 0 to 2π. */
    static float cos(float angle) {
        int octant = octant(angle);
        float reduced = reduced(angle, octant);
        float value = (octant & 2) == 0 ? cosPolynomial(reduced) : sinPolynomial(reduced);
        return ((octant - 2) & 4) != 0 ? value : -value;
    }

    /** The number of the eighth of the circle, made even. */
    private static int octant(float angle) {
        return ((int) (angle * FOUR_OVER_PI) + 1) & ~1;
    }

    private static float reduced(float angle, int octant) {
        float reduced = angle;
        for (float part : MINUS_PI_4) {
            reduced = Math.fma((float) octant, part, reduced);
        }
        return reduced;
    }

    private static float sinPolynomial(float x) {
        float square = x * x;
        return Math.fma(polynomial(SIN, square) * square, x, x);
    }

    private static float cosPolynomial(float x) {
        float square = x * x;
        return Math.fma(polynomial(COS, square) * square, square, -(square * 0.5f)) + 1;
    }

    private static float polynomial(float[] coefficients, float x) {
        float value = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            value = Math.fma(value, x, coefficients[i]);
        }
        return value;
    }
}
