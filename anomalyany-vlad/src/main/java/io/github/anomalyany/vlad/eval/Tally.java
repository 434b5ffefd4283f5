// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** How many normal and anomalous samples have each score. Not for several threads at once. */
interface Tally {
    /**
     * Counts samples.
     *
     * @param scores finite
     * @param areas for each score 0 if the sample is normal, otherwise the number of pixels of its region
     */
    void add(float[] scores, int[] areas);

    /** Normal samples in all. */
    long normal();

    /** Anomalous samples in all. */
    long anomalous();

    /** Shows the distinct scores from the highest to the lowest. */
    void descend(Visitor visitor);

    /** Sees one distinct score after the other. */
    @FunctionalInterface
    interface Visitor {
        /**
         * One distinct score.
         *
         * @param score as a threshold: the samples met so far, these included, are those with score ≥ it
         * @param normal normal samples that have it
         * @param anomalous anomalous samples that have it
         * @param overlap of these the sum of 1/area
         */
        void level(float score, long normal, long anomalous, double overlap);
    }
}
