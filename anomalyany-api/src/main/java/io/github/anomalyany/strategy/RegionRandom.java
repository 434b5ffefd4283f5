// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.noise.Philox;

/** Random numbers for the region of one picture, equal on every machine. Not for several threads. */
final class RegionRandom {
    /** Last word of the counter; the run's own noise has 0 to 3 there. */
    private static final int PURPOSE = 4;

    private static final long WORD = 0xFFFFFFFFL;

    private final int[] key;
    private final int image;
    private int block;
    private int[] words = {};
    private int used;

    RegionRandom(long seed, int image) {
        if (image < 0) {
            throw new IllegalArgumentException("image must be 0 or more but was " + image);
        }
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
}
