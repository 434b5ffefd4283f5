// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.ScoreMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Metrics against scikit-learn and the definition of PRO. */
class MetricsGoldenTest {
    static List<GoldenFile> files() {
        return Goldens.open().files("metrics");
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsScikitLearnAndTheDefinitionOfPro(GoldenFile golden) {
        golden.verify(check -> {
            if (golden.hasIn("masks")) {
                comparePixels(golden, check);
            } else {
                compareScores(golden, check);
            }
        });
    }

    /** {@code out.<case>.<metric>} from {@code in.<case>.labels} and {@code in.<case>.scores}. */
    private static void compareScores(GoldenFile golden, GoldenCheck check) {
        for (String output : golden.outputs()) {
            int dot = output.lastIndexOf('.');
            String name = output.substring(0, dot);
            boolean[] labels = booleans(golden.in(name + ".labels"));
            var metrics = ScoreMetrics.of(golden.in(name + ".scores").toFloats(), labels);
            check.compare(output, metric(output.substring(dot + 1), metrics));
        }
    }

    private static double metric(String name, ScoreMetrics metrics) {
        return switch (name) {
            case "auroc" -> metrics.auroc();
            case "ap" -> metrics.averagePrecision();
            case "max_f1" -> metrics.maxF1();
            case "max_f1_threshold" -> metrics.maxF1Threshold();
            default -> throw new IllegalStateException("unknown metric " + name);
        };
    }

    /** {@code out.<scores>.<metric>} from {@code in.masks} and {@code in.<scores>}, [pictures, rows, columns]. */
    private static void comparePixels(GoldenFile golden, GoldenCheck check) {
        Map<String, PixelMetrics> cases = new HashMap<>();
        for (String output : golden.outputs()) {
            int dot = output.indexOf('.');
            String name = output.substring(0, dot);
            String metric = output.substring(dot + 1);
            GoldenTensor masks = golden.in("masks");
            GoldenTensor scores = golden.in(name);
            var pixels = cases.computeIfAbsent(name, key -> pixelMetrics(masks, scores));
            if (metric.startsWith("aupro_")) {
                double limit = Double.parseDouble(metric.substring("aupro_".length()));
                check.compare(output, pixels.pro(limit, ProMode.EXACT));
            } else if (metric.startsWith("pixel_")) {
                check.compare(output, metric(metric.substring("pixel_".length()), pixels.pixels()));
            } else if (metric.startsWith("image_")) {
                check.compare(output, metric(metric.substring("image_".length()), imageMetrics(masks, scores)));
            } else {
                var curve = pixels.proCurve();
                switch (metric) {
                    case "pro_curve_fpr" -> check.compare(output, curve.falsePositiveRates());
                    case "pro_curve_pro" -> check.compare(output, curve.overlaps());
                    default -> throw new IllegalStateException("unknown metric " + metric);
                }
            }
        }
    }

    private static PixelMetrics pixelMetrics(GoldenTensor masks, GoldenTensor scores) {
        var metrics = PixelMetrics.exact();
        for (int i = 0; i < masks.shape(0); i++) {
            metrics.add(map(scores.get(i)), mask(masks.get(i)));
        }
        return metrics;
    }

    /** A picture's score is its highest. */
    private static ScoreMetrics imageMetrics(GoldenTensor masks, GoldenTensor scores) {
        float[] highest = new float[masks.shape(0)];
        boolean[] anomalous = new boolean[highest.length];
        for (int i = 0; i < highest.length; i++) {
            highest[i] = map(scores.get(i)).max();
            anomalous[i] = !mask(masks.get(i)).isEmpty();
        }
        return ScoreMetrics.of(highest, anomalous);
    }

    private static ScoreMap map(GoldenTensor scores) {
        return ScoreMap.of(scores.shape(1), scores.shape(0), scores.toFloats());
    }

    private static Mask mask(GoldenTensor mask) {
        return Mask.of(mask.shape(1), mask.shape(0), booleans(mask));
    }

    private static boolean[] booleans(GoldenTensor tensor) {
        boolean[] values = new boolean[tensor.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i) != 0;
        }
        return values;
    }
}
