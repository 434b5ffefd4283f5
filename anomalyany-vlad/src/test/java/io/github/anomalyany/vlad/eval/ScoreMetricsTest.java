// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreMetricsTest {
    @Test
    void rejectsLengthsThatDiffer() {
        assertThatThrownBy(() -> ScoreMetrics.of(new float[3], new boolean[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores and anomalous must have the same length but have 3 and 2");
    }

    @Test
    void rejectsNoScoresAtAll() {
        assertThatThrownBy(() -> ScoreMetrics.of(new float[0], new boolean[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores must have at least one value but had none");
    }

    @Test
    void rejectsScoresThatAreNotFinite() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> ScoreMetrics.of(new float[] {1, bad}, new boolean[2]))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("scores must be finite but number 1 was " + bad);
        }
    }

    @Test
    void refusesAreasOutsideZeroToOne() {
        for (double bad : new double[] {1.21, -0.01, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Areas.checked("pro", bad))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage("pro must be in [0, 1] but was " + bad);
        }
        assertThat(Areas.checked("pro", 1 + 1e-12)).isEqualTo(1);
        assertThat(Areas.checked("pro", -1e-12)).isZero();
        assertThat(Areas.checked("pro", Double.NaN)).isNaN();
    }

    @Test
    void refusesMoreScoresThanAnArrayHolds() {
        assertThatThrownBy(() -> SortedTally.capacity(16, Integer.MAX_VALUE - 10, 100))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("2147483737")
                .hasMessageContaining("PixelMetrics.streaming()");
        assertThat(SortedTally.capacity(1_900_000_000, 1_900_000_000, 1)).isEqualTo(Integer.MAX_VALUE - 8);
        assertThat(SortedTally.capacity(16, 10, 6)).isEqualTo(16);
        assertThat(SortedTally.capacity(16, 10, 7)).isEqualTo(24);
        assertThat(SortedTally.capacity(16, 10, 90)).isEqualTo(100);
    }

    @Test
    void oneClassOnlyIsNotANumber() {
        var normal = ScoreMetrics.of(new float[] {1, 2, 3}, new boolean[3]);
        assertThat(normal).isEqualTo(new ScoreMetrics(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
        var anomalous = ScoreMetrics.of(new float[] {3, 2}, new boolean[] {true, true});
        assertThat(anomalous).isEqualTo(new ScoreMetrics(Double.NaN, 1, 1, 2));
    }

    @Test
    void zerosOfBothSignsAreEqual() {
        var metrics = ScoreMetrics.of(new float[] {0f, -0f}, new boolean[] {false, true});
        assertThat(metrics.auroc()).isEqualTo(0.5);
        assertThat(metrics.maxF1Threshold()).isZero();
    }

    @Test
    void keysKeepTheOrderOfScores() {
        float[] ascending = {-Float.MAX_VALUE, -1.5f, -1, -Float.MIN_VALUE, 0, Float.MIN_VALUE, 1, 1.5f, Float.MAX_VALUE
        };
        for (int i = 0; i < ascending.length; i++) {
            assertThat(ScoreKeys.score(ScoreKeys.of(ascending[i]))).isEqualTo(ascending[i]);
            assertThat(i == 0 || ScoreKeys.of(ascending[i - 1]) < ScoreKeys.of(ascending[i]))
                    .as("key of %s", ascending[i])
                    .isTrue();
        }
    }

    @Test
    void theExampleOfScikitLearn() {
        var metrics = ScoreMetrics.of(new float[] {.1f, .4f, .35f, .8f}, new boolean[] {false, false, true, true});
        assertThat(metrics.auroc()).isEqualTo(0.75);
        assertThat(metrics.averagePrecision()).isCloseTo(5 / 6.0, within(1e-15));
        assertThat(metrics.maxF1()).isCloseTo(0.8, within(1e-15));
        assertThat(metrics.maxF1Threshold()).isEqualTo(.35f);
    }

    @Test
    void theLowestOfEqualThresholdsWins() {
        // F1 is 2/3 at 4, where one of two is found, and again at 1, where two of four are right
        var metrics = ScoreMetrics.of(new float[] {4, 3, 2, 1}, new boolean[] {true, false, false, true});
        assertThat(metrics.maxF1()).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(metrics.maxF1Threshold()).isEqualTo(1);
    }

    @Test
    void equalsTheDefinitionsOnSmallCases() {
        for (int seed = 0; seed < 300; seed++) {
            var random = new Random(seed);
            int n = 2 + random.nextInt(30);
            int levels = 1 + random.nextInt(12);
            float[] scores = new float[n];
            boolean[] anomalous = new boolean[n];
            for (int i = 0; i < n; i++) {
                scores[i] = (random.nextInt(levels) - 4) / 3f;
                anomalous[i] = i == 0 || (i > 1 && random.nextInt(3) == 0); // at least one of each
            }
            var metrics = ScoreMetrics.of(scores, anomalous);
            assertThat(metrics.auroc())
                    .as("auroc, seed %d", seed)
                    .isCloseTo(mannWhitney(scores, anomalous), within(1e-12));
            assertThat(metrics.averagePrecision())
                    .as("average precision, seed %d", seed)
                    .isCloseTo(averagePrecision(scores, anomalous), within(1e-12));
            double best = 0;
            for (float threshold : scores) {
                best = Math.max(best, f1(scores, anomalous, threshold));
            }
            assertThat(metrics.maxF1()).as("best F1, seed %d", seed).isCloseTo(best, within(1e-12));
            assertThat(f1(scores, anomalous, metrics.maxF1Threshold()))
                    .as("F1 at the best threshold, seed %d", seed)
                    .isCloseTo(best, within(1e-12));
        }
    }

    private static double mannWhitney(float[] scores, boolean[] anomalous) {
        double won = 0;
        int pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (anomalous[i] && !anomalous[j]) {
                    won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return won / pairs;
    }

    /** The precision at the score of each anomalous sample, averaged over them. */
    private static double averagePrecision(float[] scores, boolean[] anomalous) {
        double sum = 0;
        int positives = 0;
        for (int i = 0; i < scores.length; i++) {
            if (anomalous[i]) {
                int[] counts = counts(scores, anomalous, scores[i]);
                sum += (double) counts[0] / (counts[0] + counts[1]);
                positives++;
            }
        }
        return sum / positives;
    }

    private static double f1(float[] scores, boolean[] anomalous, double threshold) {
        int[] counts = counts(scores, anomalous, threshold);
        return 2.0 * counts[0] / (2 * counts[0] + counts[1] + counts[2]);
    }

    /** True positives, false positives and false negatives. */
    private static int[] counts(float[] scores, boolean[] anomalous, double threshold) {
        int[] counts = new int[3];
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] >= threshold) {
                counts[anomalous[i] ? 0 : 1]++;
            } else if (anomalous[i]) {
                counts[2]++;
            }
        }
        return counts;
    }
}
