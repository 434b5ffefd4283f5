// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import java.util.List;
import java.util.Map;

/**
 * What came out for one category with one method, number of shots and seed.
 *
 * @param metrics every metric, 0 to 1 or NaN
 * @param pixelMean mean of all pixels' scores
 * @param pixelMax largest of all pixels' scores
 * @param pictures the pictures to judge, in the dataset's order
 * @param candidates the normal pictures with the highest scores and the anomalous ones with the lowest
 */
record Cell(
        Map<Metric, Double> metrics,
        double pixelMean,
        double pixelMax,
        List<Picture> pictures,
        List<Candidate> candidates) {
    Cell {
        pictures = List.copyOf(pictures);
        candidates = List.copyOf(candidates);
    }

    /**
     * A picture and its score.
     *
     * @param image its folder and name, for people
     */
    record Picture(String image, boolean anomalous, double score) {}

    /**
     * A picture that may be shown as a miss.
     *
     * @param index in {@link Cell#pictures}
     */
    record Candidate(int index, SmallMap map) {}

    Cell withoutCandidates() {
        return new Cell(metrics, pixelMean, pixelMax, pictures, List.of());
    }

    /** Share of the pictures of the other kind that stand on the wrong side of a picture, ties counting half. */
    double wrongSide(int index) {
        var picture = pictures.get(index);
        double wrong = 0;
        int others = 0;
        for (var other : pictures) {
            if (other.anomalous() != picture.anomalous()) {
                int order = Double.compare(picture.score(), other.score());
                wrong += order == 0 ? 0.5 : (order > 0) == other.anomalous() ? 1 : 0;
                others++;
            }
        }
        return others == 0 ? 0 : wrong / others;
    }

    /** How far a picture's score lies towards the other kind, 0 to 1 between the lowest and the highest score. */
    double towardsOtherKind(int index) {
        double low = pictures.stream().mapToDouble(Picture::score).min().orElseThrow();
        double high = pictures.stream().mapToDouble(Picture::score).max().orElseThrow();
        var picture = pictures.get(index);
        double share = high > low ? (picture.score() - low) / (high - low) : 0;
        return picture.anomalous() ? 1 - share : share;
    }
}
