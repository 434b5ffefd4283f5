// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.noise.Philox;

/** Random numbers of one picture, equal on every machine. Not for several threads. */
final class Draws {
    /** Last word of the counter; noise and regions have 0 to 4 there. */
    private static final int PURPOSE = 5;

    private static final long WORD = 0xFFFFFFFFL;

    private final int[] key;
    private final int image;
    private int block;
    private int[] words = {};
    private int used;

    Draws(long seed, int image) {
        this.image = image;
        key = new int[] {(int) seed, (int) (seed >>> 32)};
    }

    private long word() {
        if (used == words.length) {
            words = Philox.block(new int[] {block++, 0, image, PURPOSE}, key);
            used = 0;
        }
        return words[used++] & WORD;
    }

    /** A number from 0 to below a bound. */
    int below(int bound) {
        return (int) ((word() * bound) >>> 32);
    }

    /** A number from least to below most. */
    double between(double least, double most) {
        return least + (most - least) * word() * 0x1p-32;
    }

    /** The numbers from 0 to below a bound in random order (Fisher and Yates). */
    int[] order(int bound) {
        var order = new int[bound];
        for (int i = 0; i < bound; i++) {
            int j = below(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
