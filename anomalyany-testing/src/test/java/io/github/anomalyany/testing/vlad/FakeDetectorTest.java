// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.testing.FakeGenerator;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.Calibrator;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.VladDetector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeDetectorTest extends VladDetectorContract {
    @Override
    protected VladDetector open() {
        return new FakeDetector();
    }

    @Test
    void failsAsItWasTold() {
        var detector = new FakeDetector().failWith(() -> new DetectionException("out of luck", new RuntimeException()));
        assertThatThrownBy(() -> detector.detect(picture(8, 8, 1), "bolt"))
                .isInstanceOf(DetectionException.class)
                .hasMessage("out of luck");
        assertThat(detector.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.category()).isEqualTo("bolt"));
    }

    @Test
    void givesScoresAsItWasTold() {
        var broken = picture(8, 8, 1);
        var detector = new FakeDetector().scoring(image -> image.equals(broken) ? 0.9 : 0.1);
        var options = DetectOptions.none().withCalibration(Calibration.manual(0.5, 0.5));
        var bank = detector.index("bolt", List.of(picture(8, 8, 2)));
        var found = detector.detect(broken, bank, options);
        VladAssertions.assertThat(found).isAnomalous();
        VladAssertions.assertThat(detector.detect(picture(8, 8, 3), bank, options))
                .isNormal();
        assertThat(found.regions())
                .singleElement()
                .satisfies(region -> assertThat(region.area()).isEqualTo(64));
    }

    @Test
    void asksForAScoreOnceAPicture() {
        var asked = new ArrayList<RgbImage>();
        var detector = new FakeDetector().scoring(image -> {
            asked.add(image);
            return 0.5;
        });
        detector.detect(picture(40, 30, 1), "bolt");
        assertThat(asked).containsExactly(picture(40, 30, 1));
    }

    @Test
    void findsWhatAFakeGeneratorPainted() {
        var normal = RgbImage.of(64, 64, new byte[3 * 64 * 64]);
        var region = Mask.rectangle(64, 64, new Region(32, 8, 24, 24));
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly("wood with a hole")
                .region(region)
                .build();
        var made = new FakeGenerator().generate(request).accepted().get(0);
        var detector = new FakeDetector();
        var bank = detector.index("wood", List.of(normal));
        VladAssertions.assertThat(detector.detect(made.image(), bank))
                .hasMapOfSize(64, 64)
                .isUncalibrated()
                .scoresHigherThan(detector.detect(normal, bank))
                .peaksInside(region);
    }

    @Test
    void canBeCalibratedAsModelsAre() {
        var detector = new FakeDetector();
        var normals = List.of(picture(64, 48, 1), picture(64, 48, 1), picture(64, 48, 2), picture(64, 48, 2));
        assertThat(Calibrator.quantile(0.99).leaveOneOut(detector, "bolt", normals))
                .isPresent();
    }
}
