// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.Decision.Label;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every {@link VladDetector} must do. A subclass opens one; it serves all tests but those that close it. */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class VladDetectorContract {
    private static final String CATEGORY = "bolt";
    /** Sums in another order. */
    private static final double ROUNDING = 1e-5;

    private static final List<RgbImage> NORMALS = List.of(picture(64, 48, 1), picture(64, 48, 2), picture(64, 48, 3));

    private VladDetector detector = new FakeDetector();
    private ReferenceBank bank = detector.index(CATEGORY, NORMALS);

    /** For subclasses. */
    protected VladDetectorContract() {}

    /**
     * Opens a detector; the contract closes it.
     *
     * @return a new detector without registered banks and calibrations
     */
    protected abstract VladDetector open();

    /**
     * A picture of stripes and noise.
     *
     * @param width columns
     * @param height rows
     * @param seed of the colours and the noise
     * @return the picture, the same for equal arguments
     */
    protected static RgbImage picture(int width, int height, long seed) {
        var random = new SplittableRandom(seed);
        int[] colour = {random.nextInt(60, 190), random.nextInt(60, 190), random.nextInt(60, 190)};
        double wave = random.nextDouble(0.1, 0.4);
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            int x = i / 3 % width;
            rgb[i] = (byte) (colour[i % 3] + 40 * Math.sin(wave * x) + random.nextInt(-10, 11));
        }
        return RgbImage.of(width, height, rgb);
    }

    @BeforeAll
    void openOnce() {
        detector = open();
        bank = detector.index(CATEGORY, NORMALS);
    }

    @AfterAll
    void close() {
        detector.close();
    }

    @Test
    void refusesWorkAfterItWasClosedAndClosesTwice() {
        var closed = open();
        closed.close();
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.detect(NORMALS.get(0), CATEGORY))
                .withMessageContaining("closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.index(CATEGORY, NORMALS))
                .withMessageContaining("closed");
    }

    @Test
    void refusesABankWithoutPictures() {
        assertThatIllegalArgumentException().isThrownBy(() -> detector.index(CATEGORY, List.of()));
    }

    @Test
    void refusesABankOfAnotherBackbone() {
        var other = ReferenceBank.of(CATEGORY, "another", 3, false, List.of(new float[] {0, 0, 1}), List.of("x"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.detect(NORMALS.get(0), other))
                .withMessageContaining("another");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.register(other))
                .withMessageContaining("another");
    }

    @Test
    void refusesARegionOfAnotherSizeAndAnEmptyOne() {
        for (var region : List.of(Mask.full(63, 48), Mask.empty(64, 48))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> detector.detect(
                            NORMALS.get(0), bank, DetectOptions.none().withRegion(region)))
                    .withMessageContaining("region");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 200", "131, 77", "60, 60"})
    void givesAMapOfThePicturesSize(int width, int height) {
        var picture = picture(width, height, 9);
        for (Detection found : List.of(detector.detect(picture, "nothing"), detector.detect(picture, bank))) {
            assertThat(found.map().width()).isEqualTo(width);
            assertThat(found.map().height()).isEqualTo(height);
            assertThat(found.score()).isFinite();
            assertThat(found.overlay(picture).width()).isEqualTo(width);
        }
    }

    @Test
    void hasAVisionScoreOnlyWithReferences() {
        assertThat(detector.detect(NORMALS.get(0), "nothing").vision()).isEmpty();
        assertThat(detector.detect(NORMALS.get(0), bank).vision()).isPresent();
    }

    @Test
    void findsLessInAPictureOfTheBankThanInAnother() {
        double known = detector.detect(NORMALS.get(1), bank).vision().orElseThrow();
        double other = detector.detect(picture(64, 48, 99), bank).vision().orElseThrow();
        assertThat(known).isLessThan(other);
    }

    @Test
    void theOrderOfReferencesMakesNoDifference() {
        var reversed = new ArrayList<>(NORMALS);
        Collections.reverse(reversed);
        var picture = picture(40, 50, 4);
        assertClose(detector.detect(picture, detector.index(CATEGORY, reversed)), detector.detect(picture, bank));
    }

    @Test
    void aBankThatWasSavedAndLoadedGivesEqualScores(@TempDir Path folder) throws IOException {
        var file = folder.resolve("bolt.bank");
        bank.save(file);
        var picture = picture(70, 50, 5);
        assertThat(told(detector.detect(picture, ReferenceBank.load(file))))
                .isEqualTo(told(detector.detect(picture, bank)));
    }

    @Test
    void equalCallsGiveEqualScoresOneAfterTheOtherAndAtOnce() {
        var picture = picture(70, 50, 6);
        var first = told(detector.detect(picture, bank));
        assertThat(told(detector.detect(picture, bank))).isEqualTo(first);
        var other = CompletableFuture.supplyAsync(() -> told(detector.detect(picture, bank)));
        assertThat(told(detector.detect(picture, bank))).isEqualTo(first);
        assertThat(other.join()).isEqualTo(first);
    }

    @Test
    void givesABatchTheScoresOfSinglePictures() {
        var pictures = List.of(picture(33, 44, 7), picture(33, 44, 8), picture(90, 9, 9));
        var together = detector.detect(pictures, CATEGORY, Optional.of(bank), DetectOptions.none());
        assertThat(together).hasSameSizeAs(pictures);
        for (int i = 0; i < pictures.size(); i++) {
            assertClose(together.get(i), detector.detect(pictures.get(i), bank));
        }
        assertThat(detector.detectAll(pictures.stream(), bank)
                        .map(Detection::score)
                        .toList())
                .hasSameSizeAs(pictures);
    }

    @Test
    void usesTheBankThatIsRegisteredForTheCategory() {
        try (var fresh = open()) {
            var picture = picture(30, 30, 10);
            assertThat(fresh.bank(CATEGORY)).isEmpty();
            assertThat(fresh.detect(picture, CATEGORY).vision()).isEmpty();
            fresh.register(bank);
            assertThat(fresh.bank(CATEGORY)).contains(bank);
            assertClose(fresh.detect(picture, CATEGORY), detector.detect(picture, bank));
            assertThat(fresh.detect(picture, "nut").vision()).isEmpty();
        }
    }

    @Test
    void decidesNothingWithoutACalibration() {
        var found = detector.detect(NORMALS.get(0), bank);
        assertThat(found.decision().label()).isEqualTo(Label.UNCALIBRATED);
        assertThat(found.decision().threshold()).isEmpty();
        assertThat(found.mask()).isEmpty();
        assertThat(found.regions()).isEmpty();
    }

    @Test
    void decidesByTheCallsCalibrationBeforeTheBanks() {
        var picture = picture(50, 40, 11);
        double score = detector.detect(picture, bank).score();
        var strict = new Calibration(score - 0.01, 0.5, score - 1, 0, "below the score");
        var lax = new Calibration(score + 0.01, 0.5, score - 1, 0, "above the score");
        var calibrated = bank.withCalibration(strict);
        assertThat(detector.detect(picture, calibrated).decision().label()).isEqualTo(Label.ANOMALOUS);
        var found = detector.detect(picture, calibrated, DetectOptions.none().withCalibration(lax));
        assertThat(found.decision().label()).isEqualTo(Label.NORMAL);
        assertThat(found.calibration()).contains(lax);
    }

    @Test
    void scoresNothingOutsideTheRegion() {
        var region = Mask.rectangle(64, 48, new Region(10, 10, 20, 20));
        var found =
                detector.detect(picture(64, 48, 12), bank, DetectOptions.none().withRegion(region));
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                if (!region.contains(x, y)) {
                    assertThat(found.map().value(x, y))
                            .as("score at %d, %d", x, y)
                            .isZero();
                }
            }
        }
    }

    private static List<Object> told(Detection found) {
        return List.of(found.score(), found.language(), found.vision(), found.map(), found.decision());
    }

    private static void assertClose(Detection actual, Detection expected) {
        assertThat(actual.score()).isCloseTo(expected.score(), within(ROUNDING));
        float[] map = expected.map().toArray();
        assertThat(actual.map().toArray()).containsExactly(map, within((float) ROUNDING));
    }
}
