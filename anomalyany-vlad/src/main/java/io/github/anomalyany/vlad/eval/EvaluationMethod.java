// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A way of detecting that is evaluated. {@link Evaluation} calls a method from one thread: for each number of shots and each
 * seed {@link #begin} once, then {@link #prepare} for one category after the other. What an earlier run finished is left out.
 */
public interface EvaluationMethod {
    /**
     * What it is called in tables.
     *
     * @return not blank, different for each method of an evaluation
     */
    String name();

    /**
     * What its numbers depend on besides the pictures: model, settings, version. If it changes, what an earlier run finished
     * is done again.
     *
     * @return the name, unless overridden
     */
    default String description() {
        return name();
    }

    /**
     * Whether good pictures of the category matter. If not, the method is evaluated once, as 0 shots with seed 0.
     *
     * @return true, unless overridden
     */
    default boolean usesNormals() {
        return true;
    }

    /**
     * Called before the categories of one number of shots and one seed, with the good pictures of all of them: here a method
     * trains that learns from all categories together. Does nothing, unless overridden. Not called for methods without good
     * pictures, nor where all categories are finished.
     *
     * @param shots good pictures of each category
     * @param seed by which they were drawn
     * @param normals the good pictures by category
     * @throws IOException if a picture can't be read
     */
    default void begin(int shots, long seed, Map<String, List<Sample>> normals) throws IOException {}

    /**
     * Gets ready for one category.
     *
     * @param preparation what is known about it
     * @return what examines its pictures; closed after the last one
     * @throws IOException if a picture can't be read
     */
    Examiner prepare(Preparation preparation) throws IOException;

    /**
     * A detector with a bank of the good pictures.
     *
     * @param name what it is called in tables
     * @param detector stays the caller's to close
     * @return the method; its description comes from the detection of a blank picture
     */
    static EvaluationMethod of(String name, VladDetector detector) {
        return new DetectorMethod(name, detector, true);
    }

    /**
     * A detector without good pictures.
     *
     * @param name what it is called in tables
     * @param detector stays the caller's to close
     * @return the method; its description comes from the detection of a blank picture
     */
    static EvaluationMethod zeroShot(String name, VladDetector detector) {
        return new DetectorMethod(name, detector, false);
    }

    /**
     * What is known about a category before its pictures are examined.
     *
     * @param category its name
     * @param normals good pictures, as many as {@code shots}
     * @param shots number of good pictures; 0 for methods without
     * @param seed by which they were drawn; 0 for methods without
     */
    record Preparation(String category, List<Sample> normals, int shots, long seed) {
        /**
         * Copies the list.
         *
         * @param category its name
         * @param normals good pictures
         * @param shots number of good pictures
         * @param seed by which they were drawn
         */
        public Preparation {
            normals = List.copyOf(normals);
        }

        /**
         * Reads the good pictures.
         *
         * @return in the order of {@link #normals}
         * @throws IOException if one can't be read
         */
        public List<RgbImage> images() throws IOException {
            var images = new ArrayList<RgbImage>();
            for (var sample : normals) {
                images.add(sample.readImage());
            }
            return images;
        }
    }

    /** Examines the pictures of one category. */
    @FunctionalInterface
    interface Examiner extends AutoCloseable {
        /**
         * Examines pictures. Only scores and maps count.
         *
         * @param images at most {@link #batchSize()} pictures
         * @return a detection for each
         */
        List<Detection> examine(List<RgbImage> images);

        /**
         * How many pictures are examined together.
         *
         * @return 1, unless overridden
         */
        default int batchSize() {
            return 1;
        }

        /** Frees what {@link #prepare} made. Does nothing, unless overridden. */
        @Override
        default void close() {}
    }
}
