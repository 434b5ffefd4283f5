// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import io.github.anomalyany.noise.Philox;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The images of one kind of object.
 *
 * @param name such as {@code "bottle"}
 * @param train normal images; the readers sort them by file name, in the order of UTF-16 codes
 * @param test images to judge; the readers sort them by folder and file name
 */
public record Category(String name, List<Sample> train, List<Sample> test) {
    /** Last word of Philox's counter; noise and regions have 0 to 4 there. */
    private static final int PURPOSE = 5;

    /**
     * Copies the lists.
     *
     * @param name not blank
     * @param train normal images
     * @param test images to judge, may be empty
     * @throws IllegalArgumentException if the name is blank, or an image of {@code train} is anomalous
     */
    public Category {
        train = List.copyOf(train);
        test = List.copyOf(test);
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a category must not be blank");
        }
        for (var sample : train) {
            if (sample.anomalous()) {
                throw new IllegalArgumentException("the images to train on must be normal but %s has defect \"%s\""
                        .formatted(sample.image(), sample.defect()));
            }
        }
    }

    /**
     * Draws reference images without replacement. The draw is the beginning of one shuffling of {@link #train} by the seed,
     * so that the images for a smaller k are among those for a larger one, and equal on every machine.
     *
     * @param k how many, 1 to the number of images in {@link #train}
     * @param seed any
     * @return the images in the order in which they were drawn
     * @throws IllegalArgumentException if k is out of range
     */
    public List<Sample> kShot(int k, long seed) {
        if (k < 1 || k > train.size()) {
            throw new IllegalArgumentException("k must be 1 to %d, the number of normal images of %s, but was %d"
                    .formatted(train.size(), name, k));
        }
        var pool = new ArrayList<>(train);
        for (int i = 0; i < k; i++) {
            Collections.swap(pool, i, i + draw(seed, i, pool.size() - i));
        }
        return List.copyOf(pool.subList(0, k));
    }

    /** A number from 0 to below a bound. Philox, since java.util.Random begins alike for the seeds 0, 1, 2, … */
    private static int draw(long seed, int position, int bound) {
        int[] words = Philox.block(new int[] {position, 0, 0, PURPOSE}, new int[] {(int) seed, (int) (seed >>> 32)});
        return (int) (((words[0] & 0xFFFFFFFFL) * bound) >>> 32);
    }
}
