// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static io.github.anomalyany.testing.AnomalyAssertions.assertThat;
import static io.github.anomalyany.testing.vlad.VladAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.testing.FakeGenerator;
import io.github.anomalyany.testing.vlad.FakeDetector;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of docs/getting-started.md. */
class GettingStartedSnippets {
    @Test
    void makesAnAnomalyOfAnOwnPhoto() throws IOException {
        Photos.good(1).write(Path.of("photo.png"));
        // region anomaly
        var settings = GenerationSettings.fast();
        try (var generator = TinyModels.generator().settings(settings).build()) {
            var made = generator.generate(RgbImage.read(Path.of("photo.png")), "a photo of a brick with a hole");
            made.write(Path.of("anomaly.png"));
            made.mask().write(Path.of("mask.png"));
            System.out.println(
                    made.verdict().accepted() ? "accepted" : made.verdict().reasons());
        }
        // endregion
        assertThat(Mask.read(Path.of("mask.png")).isEmpty()).isFalse();
        assertThat(RgbImage.read(Path.of("anomaly.png"))).isNotEqualTo(Photos.good(1));
    }

    @Test
    void findsAnomaliesWithOwnNormals() throws IOException {
        Photos.delete("good");
        Files.createDirectories(Path.of("good"));
        Photos.good(0).write(Path.of("good/0.png"));
        Photos.good(1).write(Path.of("good/1.png"));
        Photos.damaged().write(Path.of("photo.png"));
        // region detection
        try (var detector =
                VladDetector.builder().modelDirectory(TinyModels.directory()).build()) {
            var photo = RgbImage.read(Path.of("photo.png"));
            var found = detector.detect(photo, detector.index("brick", RgbImage.readFolder(Path.of("good"))));
            found.overlay(photo).write(Path.of("where.png"));
            System.out.println(found.score());
        }
        // endregion
        assertThat(RgbImage.read(Path.of("where.png")).width()).isEqualTo(256);
    }

    @Test
    void isTestedWithoutAModel() {
        var normal = Photos.good(0);
        var region = Mask.rectangle(normal.width(), normal.height(), new Region(40, 40, 90, 90));
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly("a photo of a brick with a hole")
                .region(region)
                .count(2)
                .build();
        // region test
        var generator =
                new FakeGenerator().rejectEvery(2); // every second attempt, so that the other path is tested too
        var result = generator.generate(request);
        assertThat(result).hasAccepted(1).hasRejected(1);
        assertThat(result.accepted().get(0).image()).equalsOutside(region, normal);

        var detector = new FakeDetector().scoring(photo -> photo.equals(normal) ? 0.1 : 0.9);
        var limits = DetectOptions.none().withCalibration(Calibration.manual(0.5, 0.5));
        var bank = detector.index("brick", List.of(normal));
        assertThat(detector.detect(result.accepted().get(0).image(), bank, limits))
                .isAnomalous();
        // endregion
        assertThat(generator.requests()).hasSize(1);
        assertThat(detector.calls()).hasSize(1);
    }
}
