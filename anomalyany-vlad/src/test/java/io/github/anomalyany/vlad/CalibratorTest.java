// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.Provenance;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.Decision.Label;
import io.github.anomalyany.vlad.eval.ScoreMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibratorTest {
    private static final Calibration HAND = new Calibration(2, 4, 1, 2, "by hand");

    // ---- calibrations and decisions

    @Test
    void rejectsThresholdsThatAreNotAboveTheTypical() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(1, 1, 1, 0, "x"))
                .withMessage("imageTypical must be finite and below imageThreshold but they were 1.0 and 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(1, Double.NaN, 0, 0, "x"))
                .withMessage("pixelTypical must be finite and below pixelThreshold but they were 0.0 and NaN");
        assertThatIllegalArgumentException().isThrownBy(() -> new Calibration(1, Double.POSITIVE_INFINITY, 0, 0, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> Calibration.manual(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> HAND.withThresholds(0.9, 3));
    }

    @Test
    void putsScoresOnAScaleFromTypicalToTwiceAsFar() {
        assertThat(HAND.normalized(1)).isZero();
        assertThat(HAND.normalized(-5)).isZero();
        assertThat(HAND.normalized(1.5)).isEqualTo(0.25);
        assertThat(HAND.normalized(2)).isEqualTo(0.5);
        assertThat(HAND.normalized(3)).isEqualTo(1);
        assertThat(HAND.normalized(99)).isEqualTo(1);
        assertThat(HAND.withThresholds(3, 5).normalized(2)).isEqualTo(0.25);
        assertThat(HAND.withThresholds(3, 5).method()).isEqualTo("by hand, then by hand");
    }

    @Test
    void decidesByTheThresholdAndNeverWithoutOne() {
        assertThat(Decision.of(1e9, OptionalDouble.empty()).label()).isEqualTo(Label.UNCALIBRATED);
        assertThat(Decision.of(2, OptionalDouble.of(2)).label()).isEqualTo(Label.NORMAL);
        assertThat(Decision.of(Math.nextUp(2.0), OptionalDouble.of(2)).label()).isEqualTo(Label.ANOMALOUS);
    }

    // ---- limits

    @Test
    void rejectsSettingsOutOfRange() {
        for (double share : new double[] {0, -1, 1.01, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Calibrator.quantile(share))
                    .withMessageContaining("share must be in");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.meanPlusDeviations(-1))
                .withMessageContaining("deviations must be in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.quantile(0.9).heldOut(List.of()))
                .withMessage("detections must have an element but is empty");
    }

    @Test
    void takesAQuantileOfHeldOutPictures() {
        var normals = new ArrayList<Detection>();
        for (int score : new int[] {30, 10, 50, 20, 40}) {
            normals.add(detection(score, score / 10f));
        }

        var calibration = Calibrator.quantile(0.9).heldOut(normals);

        assertThat(calibration.imageThreshold()).isCloseTo(46, within(1e-9));
        assertThat(calibration.pixelThreshold()).isCloseTo(4.6, within(1e-6));
        assertThat(calibration.imageTypical()).isEqualTo(30);
        assertThat(calibration.pixelTypical()).isCloseTo(3, within(1e-6));
        assertThat(calibration.method()).isEqualTo("quantile 0.9, 5 held out");
        assertThat(Calibrator.quantile(1).heldOut(normals).imageThreshold()).isEqualTo(50);
    }

    @Test
    void takesTheMeanAndDeviations() {
        var normals = List.of(detection(1, 1), detection(2, 2), detection(3, 3), detection(6, 6));

        var calibration = Calibrator.meanPlusDeviations(3).heldOut(normals);

        assertThat(calibration.imageThreshold()).isCloseTo(3 + 3 * Math.sqrt(14 / 3.0), within(1e-9));
    }

    @Test
    void leavesRoomForAScaleWhereAllScoresAreEqual() {
        for (float score : new float[] {0, 5, -5}) {
            var calibration =
                    Calibrator.quantile(0.995).heldOut(List.of(detection(score, score), detection(score, score)));

            assertThat(calibration.imageThreshold()).isEqualTo(score);
            assertThat(calibration.normalized(score)).isEqualTo(0.5);
            assertThat(Decision.of(score, OptionalDouble.of(calibration.imageThreshold()))
                            .label())
                    .isEqualTo(Label.NORMAL);
        }
    }

    // ---- labels

    @Test
    void refusesLabelsOfOneKindOrAnotherCount() {
        var found = List.of(detection(1, 1), detection(2, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.fromLabels(found, List.of(Mask.empty(2, 1))))
                .withMessage("there must be a truth for each of 2 detections but there were 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.fromLabels(found, List.of(Mask.empty(2, 1), Mask.empty(2, 1))))
                .withMessage("labels must have good and anomalous pictures but 2 of 2 were good");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.fromLabels(found, List.of(Mask.full(2, 1), Mask.full(2, 1))))
                .withMessage("labels must have good and anomalous pictures but 0 of 2 were good");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Calibrator.fromLabels(found, List.of(Mask.empty(1, 2), Mask.full(2, 1))));
    }

    @Test
    void decidesLikeTheBestF1OfTheLabels() {
        var random = new Random(41);
        for (int round = 0; round < 50; round++) {
            int count = 4 + random.nextInt(30);
            var found = new ArrayList<Detection>();
            var truths = new ArrayList<Mask>();
            float[] scores = new float[count];
            boolean[] anomalous = new boolean[count];
            for (int i = 0; i < count; i++) {
                anomalous[i] = i == 0 || (i > 1 && random.nextBoolean());
                scores[i] = (anomalous[i] ? 0.4f : 0) + random.nextInt(1000) / 1000f;
                found.add(detection(scores[i], scores[i]));
                truths.add(anomalous[i] ? Mask.full(2, 1) : Mask.empty(2, 1));
            }

            var calibration = Calibrator.fromLabels(found, truths);

            int right = 0;
            int wrong = 0;
            for (int i = 0; i < count; i++) {
                boolean positive = Decision.of(scores[i], OptionalDouble.of(calibration.imageThreshold()))
                                .label()
                        == Label.ANOMALOUS;
                right += positive && anomalous[i] ? 2 : 0;
                wrong += positive != anomalous[i] ? 1 : 0;
            }
            assertThat((double) right / (right + wrong))
                    .as("round %d", round)
                    .isCloseTo(ScoreMetrics.of(scores, anomalous).maxF1(), within(1e-9));
            assertThat(calibration.method()).isEqualTo("best F1 of %d labelled".formatted(count));
        }
    }

    /** Two pixels, the first one good. */
    private static Detection detection(double score, float pixel) {
        return new Detection(
                score,
                0,
                OptionalDouble.empty(),
                ScoreMap.of(2, 1, new float[] {pixel - 1, pixel}),
                Decision.of(score, OptionalDouble.empty()),
                List.of(),
                Optional.empty(),
                new Detection.Scale(0, 1),
                new Provenance("x", Map.of()));
    }

    // ---- with a detector

    @Test
    void calibratesFromTheReferencesThemselves(@TempDir Path model) throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        var normals = TinyDetectors.pictures(4, 64, 48, 50);
        try (var detector = TinyDetectors.on(model)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .build()) {
            var calibrator = Calibrator.quantile(1);
            assertThat(calibrator.leaveOneOut(detector, "bolt", normals.subList(0, 1)))
                    .as("one picture says nothing of how good ones differ")
                    .isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> calibrator.leaveOneOut(detector, "bolt", List.of()))
                    .withMessage("normals must have a picture but is empty");

            var calibration = calibrator.leaveOneOut(detector, "bolt", normals).orElseThrow();

            double highest = 0;
            for (int i = 0; i < normals.size(); i++) {
                var others = new ArrayList<>(normals);
                others.remove(i);
                var found = detector.detect(normals.get(i), detector.index("bolt", others));
                highest = Math.max(highest, found.score());
            }
            assertThat(calibration.imageThreshold()).isCloseTo(highest, within(1e-5));
            assertThat(calibration.method()).isEqualTo("quantile 1.0, leave-one-out of 4");
            assertDecisions(detector, detector.index("bolt", normals).withCalibration(calibration), normals);
        }
    }

    private static void assertDecisions(VladDetector detector, ReferenceBank bank, List<RgbImage> normals) {
        var own = detector.detect(normals.get(0), bank);
        assertThat(own.decision().label()).isEqualTo(Label.NORMAL);
        assertThat(own.normalizedScore().orElseThrow()).isLessThan(0.5);
        assertThat(own.calibration()).isEqualTo(bank.calibration());
        assertThat(own.provenance().entries().get("calibration")).asString().contains("leave-one-out");

        var low = Calibration.manual(own.score() / 2, own.map().max() / 2);
        var perCall = detector.detect(normals.get(0), bank, DetectOptions.none().withCalibration(low));
        assertThat(perCall.score()).isEqualTo(own.score());
        assertThat(perCall.decision().label()).isEqualTo(Label.ANOMALOUS);
        assertThat(perCall.decision().threshold()).hasValue(low.imageThreshold());
        assertThat(perCall.normalizedScore()).hasValue(1);
        assertThat(perCall.mask()).contains(perCall.map().threshold((float) low.pixelThreshold()));
        assertThat(perCall.regions()).isNotEmpty().isEqualTo(perCall.regions(low.pixelThreshold()));
        assertThat(perCall.regions().get(0).max()).isEqualTo(perCall.map().max());
    }

    @Test
    void scalesColoursByTheCalibrationAndNeverByThePicture(@TempDir Path model) throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        try (var detector = TinyDetectors.on(model)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .calibration("bolt", HAND)
                .build()) {
            var one = TinyDetectors.picture(40, 30, 1);
            var other = TinyDetectors.picture(30, 60, 2);

            assertThat(detector.detect(one, "bolt").calibration()).contains(HAND);
            assertThat(detector.detect(one, "bolt").scale())
                    .isEqualTo(detector.detect(other, "bolt").scale())
                    .isEqualTo(new Detection.Scale(2, 6));
            assertThat(detector.detect(one, "nut").calibration()).isEmpty();
            assertThat(detector.detect(one, "nut").scale())
                    .isEqualTo(detector.detect(other, "nut").scale())
                    .isEqualTo(new Detection.Scale(0, 4));
            var bank = detector.index("bolt", List.of(one));
            var better = bank.withCalibration(new Calibration(1, 1, 0.5, 0.5, "of the bank"));
            assertThat(detector.detect(one, bank).calibration()).contains(HAND);
            assertThat(detector.detect(one, better).scale()).isEqualTo(new Detection.Scale(0.5, 1.5));
            // a score below the scale leaves the picture as it is
            var unseen = detector.detect(
                    one, bank, DetectOptions.none().withCalibration(new Calibration(90, 90, 80, 80, "far away")));
            assertThat(unseen.overlay(one)).isEqualTo(one);
            assertThatIllegalArgumentException().isThrownBy(() -> unseen.overlay(other));
        }
    }
}
