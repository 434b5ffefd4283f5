// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

/**
 * One try at one picture of a request.
 *
 * @param image index in the request
 * @param number 0 for the first try
 * @param seed seed of all its random numbers
 */
record Attempt(int image, int number, long seed) {
    /** The first try, which has the request's own seed. */
    static Attempt first(int image, long seed) {
        return new Attempt(image, 0, seed);
    }

    /** The next try, with a seed that follows from this one's (the finaliser of SplitMix64). */
    Attempt next() {
        long z = seed + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return new Attempt(image, number + 1, z ^ z >>> 31);
    }
}
