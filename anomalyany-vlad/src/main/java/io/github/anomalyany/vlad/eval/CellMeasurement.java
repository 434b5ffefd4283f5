// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.data.Sample;
import io.github.anomalyany.vlad.eval.Cell.Candidate;
import io.github.anomalyany.vlad.eval.Cell.Picture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Measures the pictures of one cell, one after the other. */
final class CellMeasurement {
    /** Pictures of each kind that are kept as candidates for misses. */
    private static final int KEPT = 4;

    private final int side;
    private final MaskResampling masks;
    private final double proLimit;
    private final PixelMetrics pixels;
    private final List<Picture> pictures = new ArrayList<>();
    private final List<Candidate> normal = new ArrayList<>();
    private final List<Candidate> anomalous = new ArrayList<>();
    private boolean anyTruth;
    private double pixelSum;
    private double pixelMax = Double.NEGATIVE_INFINITY;

    CellMeasurement(Evaluation evaluation, int pictureCount) {
        side = evaluation.side;
        masks = evaluation.masks;
        proLimit = evaluation.proLimit;
        boolean few = (long) pictureCount * side * side <= evaluation.exactPixels;
        pixels = few ? PixelMetrics.exact() : PixelMetrics.streaming();
    }

    void add(Sample sample, RgbImage image, Detection detection) throws IOException {
        if (!Double.isFinite(detection.score())) {
            throw new DetectionException(
                    "scores must be finite but that of %s was %s".formatted(sample.image(), detection.score()));
        }
        var map = detection.map().resizeBilinear(side, side);
        var truth = sample.readMask(image);
        if (truth.isPresent()) {
            pixels.add(map, masks.resize(truth.get(), side, side));
            anyTruth = true;
        }
        for (float value : map.toArray()) {
            pixelSum += value;
        }
        pixelMax = Math.max(pixelMax, map.max());
        pictures.add(new Picture(label(sample), sample.anomalous(), detection.score()));
        keep(pictures.size() - 1, map);
    }

    /** Folder and name: enough to find a picture, and the same wherever the dataset lies. */
    static String label(Sample sample) {
        var image = sample.image();
        var folder = image.getParent();
        var name = folder == null ? null : folder.getFileName();
        return name == null ? String.valueOf(image.getFileName()) : name + "/" + image.getFileName();
    }

    private void keep(int index, ScoreMap map) {
        var kind = pictures.get(index).anomalous() ? anomalous : normal;
        int place = kind.size();
        while (place > 0 && worse(index, kind.get(place - 1).index())) {
            place--;
        }
        if (place < KEPT) {
            kind.add(place, new Candidate(index, SmallMap.of(map)));
        }
        if (kind.size() > KEPT) {
            kind.remove(KEPT);
        }
    }

    /** Whether a picture's score lies further on the wrong side than that of another of its kind. */
    private boolean worse(int index, int other) {
        double difference = pictures.get(index).score() - pictures.get(other).score();
        return pictures.get(index).anomalous() ? difference < 0 : difference > 0;
    }

    Cell finish() {
        var candidates = Stream.concat(normal.stream(), anomalous.stream()).toList();
        double mean = pixelSum / ((double) pictures.size() * side * side);
        return new Cell(metrics(), mean, pictures.isEmpty() ? Double.NaN : pixelMax, pictures, candidates);
    }

    private Map<Metric, Double> metrics() {
        var none = new ScoreMetrics(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        var ofPictures = pictures.isEmpty() ? none : imageMetrics();
        var ofPixels = anyTruth ? pixels.pixels() : none;
        var metrics = new EnumMap<Metric, Double>(Metric.class);
        metrics.put(Metric.IMAGE_AUROC, ofPictures.auroc());
        metrics.put(Metric.IMAGE_MAX_F1, ofPictures.maxF1());
        metrics.put(Metric.PIXEL_AUROC, ofPixels.auroc());
        metrics.put(Metric.PIXEL_MAX_F1, ofPixels.maxF1());
        metrics.put(Metric.PRO, anyTruth ? pixels.pro(proLimit, ProMode.EXACT) : Double.NaN);
        metrics.put(Metric.IMAGE_AP, ofPictures.averagePrecision());
        metrics.put(Metric.PIXEL_AP, ofPixels.averagePrecision());
        metrics.put(Metric.PRO_LEGACY_200, anyTruth ? pixels.pro(proLimit, ProMode.LEGACY_200) : Double.NaN);
        return metrics;
    }

    private ScoreMetrics imageMetrics() {
        float[] scores = new float[pictures.size()];
        boolean[] truth = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) pictures.get(i).score();
            truth[i] = pictures.get(i).anomalous();
        }
        return ScoreMetrics.of(scores, truth);
    }
}
