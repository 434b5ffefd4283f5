// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

/**
 * Where a run's random numbers come from. A source has no state; the streams that it opens are pure functions of their seed
 * and image, so a picture doesn't depend on which others are made beside it.
 */
public interface NoiseSource {
    /**
     * One line for provenance.
     *
     * @return as {@code "philox4x32-10"}
     */
    String description();

    /**
     * Opens the numbers of one picture.
     *
     * @param seed seed of the request, any value
     * @param image index of the picture in the request, 0 or more
     * @return a stream for one thread
     * @throws IllegalArgumentException if image is negative
     */
    Stream open(long seed, int image);

    /**
     * Counter-based numbers: those of a purpose and step are the same whatever was asked for before.
     *
     * @return the default source
     */
    static NoiseSource philox() {
        return new PhiloxNoise();
    }

    /**
     * The numbers of PyTorch's CPU generator, in the order in which they are asked for. Image {@code i} has a generator of
     * its own seeded with {@code seed + i}, as a list of generators handed to diffusers would have. Purposes and steps
     * don't matter, only the order of the calls does.
     *
     * @return the source
     */
    static NoiseSource torch() {
        return new TorchNoiseSource();
    }

    /** What the numbers are for. */
    enum Purpose {
        /** The sample from the encoder's posterior. */
        POSTERIOR,
        /** The noise that a run starts from. */
        INITIAL,
        /** The fresh noise of a scheduler's step. */
        STEP,
        /** The noise of the background in a masked blend, where it isn't the initial one. */
        BACKGROUND
    }

    /** The numbers of one picture. */
    interface Stream {
        /**
         * Standard normal numbers.
         *
         * @param purpose what for
         * @param step which step, 0 or more; 0 where there is only one
         * @param count how many, 0 or more
         * @return a new array of that length
         * @throws IllegalArgumentException if step or count is negative
         */
        float[] normal(Purpose purpose, int step, int count);
    }
}
