// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import java.util.Objects;

/**
 * How well scores tell anomalous samples from normal ones, whether of pictures or of pixels. Equal scores count as one step,
 * as in scikit-learn. Where a value isn't defined, because one of the two kinds is missing, it is NaN, never 0 or 1: check
 * with {@link Double#isNaN(double)} before taking a mean.
 *
 * @param auroc area under the ROC curve: the probability that an anomalous sample scores higher than a normal one, ties
 *     counting half; 0 to 1, NaN without samples of both kinds
 * @param averagePrecision mean of the precision over the steps of the recall, without interpolation; 0 to 1, NaN without
 *     anomalous samples
 * @param maxF1 the largest 2·TP/(2·TP + FP + FN) over all thresholds, anomalous meaning score ≥ threshold; 0 to 1, NaN
 *     without anomalous samples
 * @param maxF1Threshold the threshold that reaches it, the lowest if several do; NaN without anomalous samples
 */
public record ScoreMetrics(double auroc, double averagePrecision, double maxF1, double maxF1Threshold) {
    /**
     * Computes the metrics exactly.
     *
     * @param scores one per sample, finite, higher where more anomalous
     * @param anomalous the truth, one per sample
     * @return the metrics
     * @throws IllegalArgumentException if there is no sample, the lengths differ, or a score isn't finite
     */
    public static ScoreMetrics of(float[] scores, boolean[] anomalous) {
        Objects.requireNonNull(scores, "scores");
        Objects.requireNonNull(anomalous, "anomalous");
        if (scores.length != anomalous.length) {
            throw new IllegalArgumentException("scores and anomalous must have the same length but have %d and %d"
                    .formatted(scores.length, anomalous.length));
        }
        if (scores.length == 0) {
            throw new IllegalArgumentException("scores must have at least one value but had none");
        }
        int[] areas = new int[scores.length];
        for (int i = 0; i < areas.length; i++) {
            if (!Float.isFinite(scores[i])) {
                throw new IllegalArgumentException(
                        "scores must be finite but number %d was %s".formatted(i, scores[i]));
            }
            areas[i] = anomalous[i] ? 1 : 0;
        }
        var tally = new SortedTally();
        tally.add(scores, areas);
        return of(tally);
    }

    static ScoreMetrics of(Tally tally) {
        var sums = new Sums(tally.anomalous());
        tally.descend(sums);
        double normal = tally.normal();
        double anomalous = tally.anomalous();
        return new ScoreMetrics(
                Areas.checked("auroc", sums.pairs / (normal * anomalous)),
                Areas.checked("averagePrecision", sums.precision / anomalous),
                Areas.checked("maxF1", sums.maxF1),
                sums.threshold);
    }

    /** What the metrics are made of. */
    private static final class Sums implements Tally.Visitor {
        private final double anomalousInAll;
        private double truePositives;
        private double positives;
        /** Pairs in the right order, ties counting half; whole numbers and halves, exact up to 2⁵². */
        private double pairs;
        /** Precision, summed over the anomalous samples. */
        private double precision;

        private double maxF1 = Double.NaN;
        private double threshold = Double.NaN;

        Sums(long anomalousInAll) {
            this.anomalousInAll = anomalousInAll;
        }

        @Override
        public void level(float score, long normal, long anomalous, double overlap) {
            pairs += normal * (truePositives + anomalous / 2.0);
            truePositives += anomalous;
            positives += normal + anomalous;
            double precisionHere = truePositives / positives;
            precision += anomalous * precisionHere;
            if (anomalousInAll > 0) {
                double recall = truePositives / anomalousInAll;
                // in this order of operations equal values are equal to the bit where they are in scikit-learn's curve
                double f1 = truePositives == 0 ? 0 : 2 * precisionHere * recall / (precisionHere + recall);
                if (!(f1 < maxF1)) {
                    maxF1 = f1;
                    threshold = score;
                }
            }
        }
    }
}
