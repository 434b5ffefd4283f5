// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

/** IEEE 754 half precision, which Java 17 has no methods for. */
public final class HalfFloats {
    private HalfFloats() {}

    /**
     * To single precision, exactly.
     *
     * @param half the bits
     * @return the number
     */
    public static float widen(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) {
            return (sign == 0 ? 1f : -1f) * fraction * 0x1p-24f;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /**
     * From single precision, rounded to nearest, ties to even; what is too large becomes infinite.
     *
     * @param number any number
     * @return the bits
     */
    public static short narrow(float number) {
        int bits = Float.floatToRawIntBits(number);
        int sign = bits >>> 16 & 0x8000;
        float size = Math.abs(number);
        if (Float.isNaN(number)) {
            return (short) (sign | 0x7e00);
        }
        if (size >= 65520f) {
            return (short) (sign | 0x7c00);
        }
        if (size < 0x1p-14f) {
            return (short) (sign | (int) Math.rint(size * 0x1p24)); // subnormal, or the smallest normal number
        }
        int rounded = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1);
        return (short) (sign | (rounded >>> 13) - (112 << 10));
    }
}
