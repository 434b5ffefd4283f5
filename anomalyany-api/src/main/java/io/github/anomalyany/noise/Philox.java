// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

/**
 * The counter-based generator Philox4x32-10 (Salmon et al. 2011): four random words from a counter of four words and a key
 * of two, without any state.
 */
public final class Philox {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * The block function.
     *
     * @param counter four words, unsigned
     * @param key two words, unsigned
     * @return four random words, unsigned, in a new array
     * @throws IllegalArgumentException if an array has another length
     */
    public static int[] block(int[] counter, int[] key) {
        if (counter.length != 4 || key.length != 2) {
            throw new IllegalArgumentException(
                    "counter must have 4 words and key 2 but they had %d and %d".formatted(counter.length, key.length));
        }
        int c0 = counter[0];
        int c1 = counter[1];
        int c2 = counter[2];
        int c3 = counter[3];
        int k0 = key[0];
        int k1 = key[1];
        for (int round = 0; round < ROUNDS; round++) {
            long a = MULTIPLIER_0 * (c0 & WORD);
            long b = MULTIPLIER_1 * (c2 & WORD);
            c0 = (int) (b >>> 32) ^ c1 ^ k0;
            c2 = (int) (a >>> 32) ^ c3 ^ k1;
            c1 = (int) b;
            c3 = (int) a;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new int[] {c0, c1, c2, c3};
    }

    /**
     * Standard normal numbers by Box and Muller's method, four from a block. The first word of the counter counts the
     * blocks; numbers with equal other words and key are prefixes of one sequence. Equal on every machine.
     *
     * @param key two words
     * @param counter1 second word of the counter
     * @param counter2 third word of the counter
     * @param counter3 fourth word of the counter
     * @param count how many, 0 or more
     * @return a new array
     */
    static float[] normal(int[] key, int counter1, int counter2, int counter3, int count) {
        float[] normal = new float[count];
        double[] pair = new double[2];
        for (int i = 0; i < count; i += 4) {
            int[] words = block(new int[] {i >>> 2, counter1, counter2, counter3}, key);
            for (int j = 0; j < 4 && i + j < count; j++) {
                if ((j & 1) == 0) {
                    boxMuller(words[j], words[j + 1], pair);
                }
                normal[i + j] = (float) pair[j & 1];
            }
        }
        return normal;
    }

    private static void boxMuller(int word0, int word1, double[] pair) {
        // StrictMath, since Math may differ in the last bit between machines
        double radius = StrictMath.sqrt(-2 * StrictMath.log(open(word0)));
        double angle = 2 * Math.PI * open(word1);
        pair[0] = radius * StrictMath.cos(angle);
        pair[1] = radius * StrictMath.sin(angle);
    }

    /** A number strictly between 0 and 1. */
    private static double open(int word) {
        return ((word & WORD) + 0.5) * 0x1p-32;
    }
}
