// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.eval.PixelMetrics;
import io.github.anomalyany.vlad.eval.ScoreMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds thresholds (spec §8.2). From good pictures alone it takes a limit that most of them stay below; from labelled ones
 * the threshold of the best F1. Immutable, safe for many threads.
 *
 * <pre>{@code
 * var bank = detector.index("bolt", normals);
 * var calibrated = Calibrator.quantile(0.995)
 *         .leaveOneOut(detector, "bolt", normals)
 *         .map(bank::withCalibration)
 *         .orElse(bank);
 * }</pre>
 */
public final class Calibrator {
    /** From scores of good pictures, in ascending order, to a threshold. */
    private interface Limit {
        double of(double[] sorted);
    }

    private final String description;
    private final Limit limit;

    private Calibrator(String description, Limit limit) {
        this.description = description;
        this.limit = limit;
    }

    /**
     * Takes a quantile of good pictures' scores, interpolated between neighbours.
     *
     * @param share share of good pictures that stays at or below, above 0 to 1; 0.995 is usual
     * @return the calibrator
     * @throws IllegalArgumentException if the share is out of range
     */
    public static Calibrator quantile(double share) {
        Arguments.range("share", share, Double.MIN_NORMAL, 1);
        return new Calibrator("quantile " + share, sorted -> quantile(sorted, share));
    }

    /**
     * Takes the mean of good pictures' scores and some standard deviations (ddof 1).
     *
     * @param deviations standard deviations above the mean, 0 to 100; 3 is usual
     * @return the calibrator
     * @throws IllegalArgumentException if it is out of range
     */
    public static Calibrator meanPlusDeviations(double deviations) {
        Arguments.range("deviations", deviations, 0, 100);
        return new Calibrator("mean + %s standard deviations".formatted(deviations), sorted -> {
            double mean = Arrays.stream(sorted).average().orElseThrow();
            double squares =
                    Arrays.stream(sorted).map(s -> (s - mean) * (s - mean)).sum();
            return mean + deviations * Math.sqrt(squares / Math.max(1, sorted.length - 1));
        });
    }

    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Calibrates from the references themselves: each is looked at with a bank of the others, since with its own tokens it
     * would score next to nothing.
     *
     * @param detector the detector
     * @param category what the pictures show
     * @param normals the pictures of the bank
     * @return the calibration; empty with one picture, which says nothing of how good pictures differ
     * @throws IllegalArgumentException if there is no picture
     */
    public Optional<Calibration> leaveOneOut(VladDetector detector, String category, List<RgbImage> normals) {
        if (normals.isEmpty()) {
            throw new IllegalArgumentException("normals must have a picture but is empty");
        }
        if (normals.size() == 1) {
            return Optional.empty();
        }
        var banks = new ArrayList<ReferenceBank>();
        for (RgbImage normal : normals) {
            banks.add(detector.index(category, List.of(normal)));
        }
        var detections = new ArrayList<Detection>();
        for (int i = 0; i < banks.size(); i++) {
            var others = new ArrayList<>(banks);
            others.remove(i);
            detections.add(detector.detect(normals.get(i), ReferenceBank.merge(others)));
        }
        return Optional.of(of(detections, "leave-one-out of " + normals.size()));
    }

    /**
     * Calibrates from good pictures that the bank doesn't hold, or that are looked at without a bank.
     *
     * @param detections what the detector found in good pictures, at least one
     * @return the calibration
     * @throws IllegalArgumentException if there is none
     */
    public Calibration heldOut(List<Detection> detections) {
        if (detections.isEmpty()) {
            throw new IllegalArgumentException("detections must have an element but is empty");
        }
        return of(detections, detections.size() + " held out");
    }

    private Calibration of(List<Detection> normals, String source) {
        double[] images =
                normals.stream().mapToDouble(Detection::score).sorted().toArray();
        double[] pixels = normals.stream()
                .mapToDouble(found -> found.map().max())
                .sorted()
                .toArray();
        return calibration(limit.of(images), limit.of(pixels), images, pixels, description + ", " + source);
    }

    /**
     * Calibrates from labelled pictures: the thresholds of the best F1 of pictures and of pixels.
     *
     * @param detections what the detector found, in good and in anomalous pictures
     * @param truths which pixels are anomalous, of each picture's size; empty masks for good pictures
     * @return the calibration
     * @throws IllegalArgumentException if the sizes don't fit, or all pictures are good or all are anomalous
     */
    public static Calibration fromLabels(List<Detection> detections, List<Mask> truths) {
        if (detections.size() != truths.size()) {
            throw new IllegalArgumentException("there must be a truth for each of %d detections but there were %d"
                    .formatted(detections.size(), truths.size()));
        }
        float[] scores = new float[detections.size()];
        boolean[] anomalous = new boolean[scores.length];
        var pixels = PixelMetrics.streaming();
        var goodScores = new ArrayList<Detection>();
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) detections.get(i).score();
            anomalous[i] = !truths.get(i).isEmpty();
            pixels.add(detections.get(i).map(), truths.get(i));
            if (!anomalous[i]) {
                goodScores.add(detections.get(i));
            }
        }
        if (goodScores.isEmpty() || goodScores.size() == scores.length) {
            throw new IllegalArgumentException("labels must have good and anomalous pictures but %d of %d were good"
                    .formatted(goodScores.size(), scores.length));
        }
        double image = below(ScoreMetrics.of(scores, anomalous).maxF1Threshold());
        double pixel = below(pixels.pixels().maxF1Threshold());
        double[] goodImages =
                goodScores.stream().mapToDouble(Detection::score).sorted().toArray();
        double[] goodPixels = goodScores.stream()
                .mapToDouble(found -> found.map().max())
                .sorted()
                .toArray();
        return calibration(image, pixel, goodImages, goodPixels, "best F1 of " + scores.length + " labelled");
    }

    /** Metrics count scores at a threshold as positive, decisions don't. */
    private static double below(double threshold) {
        return Math.nextDown((float) threshold);
    }

    private static Calibration calibration(
            double image, double pixel, double[] images, double[] pixels, String method) {
        return new Calibration(
                image, pixel, typical(quantile(images, 0.5), image), typical(quantile(pixels, 0.5), pixel), method);
    }

    /** Equal scores leave no room for a scale; then it is as wide as a thousandth of the threshold. */
    private static double typical(double median, double threshold) {
        double least = Math.max(1e-9, 1e-3 * Math.abs(threshold));
        return Math.min(median, threshold - least);
    }
}
