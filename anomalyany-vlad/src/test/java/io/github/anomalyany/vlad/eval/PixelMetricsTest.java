// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.ScoreMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PixelMetricsTest {
    static List<Supplier<PixelMetrics>> modes() {
        return List.of(PixelMetrics::exact, PixelMetrics::streaming);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void rejectsAMapAndAMaskOfDifferentSizes(Supplier<PixelMetrics> mode) {
        var metrics = mode.get();
        assertThatThrownBy(() -> metrics.add(ScoreMap.of(2, 3, new float[6]), Mask.empty(3, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores and truth must have the same size but have 2×3 and 3×2; resize one of them");
        assertThatThrownBy(metrics::pixels).as("nothing was added").isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void refusesToAnswerWithoutPictures(Supplier<PixelMetrics> mode) {
        var metrics = mode.get();
        String message = "there are no pictures yet; call add(scores, truth) first";
        assertThatThrownBy(metrics::pixels)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(metrics::pro)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(metrics::proCurve)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(message);
    }

    @Test
    void rejectsLimitsOutOfRange() {
        var metrics = example(PixelMetrics.exact());
        for (double limit : new double[] {0, -0.3, 1.01, Double.NaN}) {
            assertThatThrownBy(() -> metrics.pro(limit, ProMode.EXACT))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("limit must be in (0, 1] but was " + limit);
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void normalPicturesAloneHaveNoMetrics(Supplier<PixelMetrics> mode) {
        var metrics = mode.get();
        metrics.add(ScoreMap.of(2, 1, new float[] {1, 2}), Mask.empty(2, 1));
        assertThat(metrics.pixels()).isEqualTo(new ScoreMetrics(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        assertThat(metrics.pro()).isNaN();
        assertThat(metrics.pro(0.3, ProMode.LEGACY_200)).isNaN();
        assertThat(metrics.proCurve().falsePositiveRates()).containsExactly(0, 0.5, 1);
        assertThat(metrics.proCurve().overlaps()).containsExactly(0, Double.NaN, Double.NaN);
    }

    @ParameterizedTest
    @MethodSource("modes")
    void anomalousPixelsAloneHaveNoRates(Supplier<PixelMetrics> mode) {
        var metrics = mode.get();
        metrics.add(ScoreMap.of(2, 1, new float[] {1, 2}), Mask.empty(2, 1).invert());
        assertThat(metrics.pixels()).isEqualTo(new ScoreMetrics(Double.NaN, 1, 1, 1));
        assertThat(metrics.pro()).isNaN();
        assertThat(metrics.proCurve().falsePositiveRates()).containsExactly(0, Double.NaN, Double.NaN);
    }

    @Test
    void equalScoresHaveNoLegacyArea() {
        var metrics = PixelMetrics.exact();
        metrics.add(ScoreMap.of(2, 1, new float[] {1, 1}), Mask.rectangle(2, 1, new Region(0, 0, 1, 1)));
        assertThat(metrics.pro(0.3, ProMode.LEGACY_200)).isNaN();
        assertThat(metrics.pro()).isCloseTo(0.15, within(1e-15));
    }

    /** With pixels that touch at a corner in two regions the result would be 0.8333. */
    @ParameterizedTest
    @MethodSource("modes")
    void pixelsThatTouchAtACornerAreOneRegion(Supplier<PixelMetrics> mode) {
        assertThat(example(mode.get()).pro()).isCloseTo(0.75, within(1e-12));
    }

    private static PixelMetrics example(PixelMetrics metrics) {
        boolean[] truth = new boolean[20];
        for (int pixel : new int[] {0, 1, 13, 19}) {
            truth[pixel] = true;
        }
        float[] scores = {
            .9f, .15f, .2f, .1f, .1f, .3f, .2f, .1f, .1f, .2f, .1f, .1f, .4f, .8f, .2f, .1f, .1f, .1f, .5f, .7f
        };
        metrics.add(ScoreMap.of(5, 4, scores), Mask.of(5, 4, truth));
        return metrics;
    }

    @ParameterizedTest
    @MethodSource("modes")
    void answersAgainAfterMorePictures(Supplier<PixelMetrics> mode) {
        var metrics = example(mode.get());
        double before = metrics.pro();
        assertThat(metrics.pro()).isEqualTo(before);
        metrics.add(ScoreMap.of(2, 1, new float[] {1, 0}), Mask.empty(2, 1));
        metrics.add(ScoreMap.of(1, 1, new float[] {.5f}), Mask.empty(1, 1).invert());
        // 16 + 2 normal pixels; three regions, the last one found together with a normal pixel
        var curve = metrics.proCurve();
        assertThat(curve.falsePositiveRates())
                .startsWith(new double[] {0, 1 / 18.0, 1 / 18.0, 1 / 18.0, 1 / 18.0, 2 / 18.0});
        double[] overlaps = {0, 0, 1 / 6.0, 2 / 6.0, 3 / 6.0, 5 / 6.0};
        assertThat(Arrays.copyOf(curve.overlaps(), 6)).containsExactly(overlaps, within(1e-15));
    }

    @Test
    void equalsTheDefinitionOfProOnSmallCases() {
        int defined = 0;
        for (int seed = 0; seed < 100; seed++) {
            var pictures = smallPictures(new Random(seed), seed % 4 == 0);
            var exact = PixelMetrics.exact();
            pictures.forEach(picture -> exact.add(picture.scores, picture.truth));
            for (double limit : new double[] {0.05, 0.3, 1}) {
                String name = "limit %s, seed %d".formatted(limit, seed);
                double expected = pro(pictures, limit);
                assertThat(exact.pro(limit, ProMode.EXACT)).as(name).isCloseTo(expected, within(1e-12));
                double legacy = legacyPro(pictures, limit);
                double ours = exact.pro(limit, ProMode.LEGACY_200);
                assertThat(Double.isNaN(legacy) ? Double.isNaN(ours) : Math.abs(ours - legacy) < 1e-12)
                        .as("legacy is %s, by definition %s, %s", ours, legacy, name)
                        .isTrue();
                defined += Double.isNaN(legacy) ? 0 : 1;
            }
        }
        assertThat(defined).as("cases where the legacy area is a number").isGreaterThan(200);
    }

    /** These scores have bins of their own, at 196 of width 1/64. */
    @Test
    void streamingEqualsTheDefinitionIfEveryScoreHasABin() {
        for (int seed = 100; seed < 105; seed++) {
            var pictures = smallPictures(new Random(seed), seed % 4 == 0);
            var exact = PixelMetrics.exact();
            var streaming = PixelMetrics.streaming();
            pictures.forEach(picture -> exact.add(picture.scores, picture.truth));
            pictures.forEach(picture -> streaming.add(picture.scores, picture.truth));
            assertThat(streaming.pro()).as("seed %d", seed).isCloseTo(pro(pictures, 0.3), within(1e-12));
            var ours = streaming.pixels();
            var theirs = exact.pixels();
            assertThat(ours.auroc()).as("seed %d", seed).isEqualTo(theirs.auroc());
            assertThat(ours.averagePrecision()).as("seed %d", seed).isEqualTo(theirs.averagePrecision());
            assertThat(ours.maxF1()).as("seed %d", seed).isEqualTo(theirs.maxF1());
            assertThat(ours.maxF1Threshold())
                    .as("lower end of a bin, seed %d", seed)
                    .isBetween(theirs.maxF1Threshold() - 0.016, theirs.maxF1Threshold());
        }
    }

    private record Picture(ScoreMap scores, Mask truth) {}

    /** The first is normal, the others aren't; many scores are equal, or they lie on the legacy thresholds. */
    private static List<Picture> smallPictures(Random random, boolean whole) {
        var pictures = new ArrayList<Picture>();
        int levels = 2 + random.nextInt(20);
        for (int k = 0; k < 4; k++) {
            int width = 3 + random.nextInt(6);
            int height = 3 + random.nextInt(6);
            float[] scores = new float[width * height];
            boolean[] truth = new boolean[width * height];
            for (int i = 0; i < scores.length; i++) {
                truth[i] = k > 0 && (i == 0 || random.nextInt(4) == 0);
                int shift = truth[i] ? 3 : 0;
                scores[i] = whole ? random.nextInt(20) * 10 + shift - 4 : (random.nextInt(levels) + shift - 4) / 3f;
            }
            if (whole) {
                scores[1] = -4; // so that the thresholds are whole numbers, the highest of them 195
                scores[2] = 196;
                scores[3] = 195;
            }
            pictures.add(new Picture(ScoreMap.of(width, height, scores), Mask.of(width, height, truth)));
        }
        return pictures;
    }

    private static double pro(List<Picture> pictures, double limit) {
        var thresholds = new TreeSet<Float>(Collections.reverseOrder());
        for (var picture : pictures) {
            for (float score : picture.scores.toArray()) {
                thresholds.add(score);
            }
        }
        double[] last = {0, 0};
        double area = 0;
        for (float threshold : thresholds) {
            double[] point = point(pictures, Math.nextDown((double) threshold));
            if (point[0] >= limit) {
                double slope = point[0] == last[0] ? 0 : (point[1] - last[1]) / (point[0] - last[0]);
                double width = limit - last[0];
                return (area + width * last[1] + slope * width * width / 2) / limit;
            }
            area += (point[0] - last[0]) * (point[1] + last[1]) / 2;
            last = point;
        }
        throw new AssertionError("at the lowest threshold the rate is 1");
    }

    private static double legacyPro(List<Picture> pictures, double limit) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (var picture : pictures) {
            for (float score : picture.scores.toArray()) {
                min = Math.min(min, score);
                max = Math.max(max, score);
            }
        }
        var points = new ArrayList<double[]>();
        for (int i = 0; i < 200; i++) {
            double[] point = point(pictures, min + i * ((max - min) / 200));
            if (point[0] < limit) {
                points.add(0, point);
            }
        }
        double first = points.isEmpty() ? 0 : points.get(0)[0];
        double width = points.isEmpty() ? 0 : points.get(points.size() - 1)[0] - first;
        double area = 0;
        for (int i = 1; i < points.size(); i++) {
            double[] a = points.get(i - 1);
            double[] b = points.get(i);
            area += ((b[0] - first) / width - (a[0] - first) / width) * (a[1] + b[1]) / 2;
        }
        return width == 0 ? Double.NaN : area;
    }

    /** False positive rate and mean overlap with anomalous meaning score &gt; threshold. */
    private static double[] point(List<Picture> pictures, double threshold) {
        double normal = 0;
        double found = 0;
        double overlap = 0;
        int regions = 0;
        for (var picture : pictures) {
            float[] scores = picture.scores.toArray();
            int[] labels = labels(picture.truth);
            for (int i = 0; i < labels.length; i++) {
                normal += labels[i] < 0 ? 1 : 0;
                found += labels[i] < 0 && scores[i] > threshold ? 1 : 0;
            }
            for (int label :
                    Arrays.stream(labels).filter(l -> l >= 0).distinct().toArray()) {
                double area = 0;
                double hit = 0;
                for (int i = 0; i < labels.length; i++) {
                    area += labels[i] == label ? 1 : 0;
                    hit += labels[i] == label && scores[i] > threshold ? 1 : 0;
                }
                overlap += hit / area;
                regions++;
            }
        }
        return new double[] {found / normal, overlap / regions};
    }

    /** Each set pixel takes the least number among its neighbours until nothing changes; −1 outside. */
    private static int[] labels(Mask mask) {
        int[] labels = new int[mask.width() * mask.height()];
        Arrays.setAll(labels, i -> mask.contains(i % mask.width(), i / mask.width()) ? i : -1);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = 0; i < labels.length; i++) {
                for (int j = 0; j < labels.length; j++) {
                    boolean near = Math.abs(i % mask.width() - j % mask.width()) <= 1
                            && Math.abs(i / mask.width() - j / mask.width()) <= 1;
                    if (near && labels[j] >= 0 && labels[j] < labels[i]) {
                        labels[i] = labels[j];
                        changed = true;
                    }
                }
            }
        }
        return labels;
    }

    @Test
    void streamingIsCloseToExactOnMillionsOfPixels() {
        var exact = PixelMetrics.exact();
        var streaming = PixelMetrics.streaming();
        var random = new SplittableRandom(7);
        for (int k = 0; k < 12; k++) {
            var truth = k % 3 == 0 ? Mask.empty(512, 512) : blobs(random);
            float[] scores = new float[512 * 512];
            for (int y = 0, i = 0; y < 512; y++) {
                for (int x = 0; x < 512; x++, i++) {
                    double noise = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
                    scores[i] = (float) (0.4 * noise + (truth.contains(x, y) ? 0.4 : 0.1));
                }
            }
            var map = ScoreMap.of(512, 512, scores);
            exact.add(map, truth);
            streaming.add(map, truth);
        }
        var ours = streaming.pixels();
        var theirs = exact.pixels();
        assertThat(theirs.auroc()).as("a case that isn't trivial").isBetween(0.7, 0.95);
        assertThat(ours.auroc()).isCloseTo(theirs.auroc(), within(1e-4));
        assertThat(ours.averagePrecision()).isCloseTo(theirs.averagePrecision(), within(1e-4));
        assertThat(ours.maxF1()).isCloseTo(theirs.maxF1(), within(1e-4));
        for (var mode : ProMode.values()) {
            assertThat(streaming.pro(0.3, mode)).as("%s", mode).isCloseTo(exact.pro(0.3, mode), within(1e-4));
        }
    }

    private static Mask blobs(SplittableRandom random) {
        var clear = Mask.empty(512, 512).invert();
        for (int i = 0; i < 3; i++) {
            var place = new Region(
                    random.nextInt(450), random.nextInt(450), 5 + random.nextInt(90), 5 + random.nextInt(90));
            clear = clear.and(Mask.ellipse(512, 512, place).invert());
        }
        return clear.invert();
    }
}
