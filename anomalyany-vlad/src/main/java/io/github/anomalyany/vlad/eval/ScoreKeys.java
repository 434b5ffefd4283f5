// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** Integers in the order of floats. */
final class ScoreKeys {
    private ScoreKeys() {}

    /** The key of a number; a larger number has a larger key, both zeros have the same. */
    static int of(float score) {
        return swap(Float.floatToRawIntBits(score + 0f)); // −0 + 0 is +0
    }

    /** The number of a key. */
    static float score(int key) {
        return Float.intBitsToFloat(swap(key));
    }

    /** Negative floats grow towards zero in their bits, so all bits but the sign turn; its own inverse. */
    private static int swap(int bits) {
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }
}
