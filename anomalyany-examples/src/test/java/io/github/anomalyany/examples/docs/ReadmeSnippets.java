// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of README.md. */
class ReadmeSnippets {
    private final Path directory = TinyModels.directory();

    @Test
    void makesAnAnomalyAndItsMask() throws IOException {
        var image = Photos.good(0);
        // region first
        try (var generator =
                AnomalyGenerator.builder().modelDirectory(directory).build()) {
            var made = generator.generate(image, "a hazelnut with a deep crack");
            made.write(Path.of("cracked.png")); // the picture, its provenance inside
            made.mask().write(Path.of("mask.png")); // the pixels that show the anomaly
        }
        // endregion
        assertThat(RgbImage.readPngText(Path.of("cracked.png"))).containsKey("anomalyany");
        assertThat(Mask.read(Path.of("mask.png")).width()).isEqualTo(image.width());
    }

    @Test
    void makesSeveralPicturesInARegion() throws IOException {
        var normal = Photos.good(0);
        normal.write(Path.of("bottle.png"));
        var neck = new Region(80, 80, 96, 96);
        Mask.rectangle(normal.width(), normal.height(), neck).write(Path.of("neck.png"));
        var progress = new GenerationListener() {};
        try (var generator = TinyModels.generator().build()) {
            // region request
            var request = GenerationRequest.builder()
                    .normal(RgbImage.read(Path.of("bottle.png")))
                    .anomaly("a bottle with a broken neck")
                    .emphasize("broken")
                    .description(
                            "a glass bottle whose neck is broken off, with sharp jagged edges") // for CLIP; optional
                    .region(Mask.read(Path.of("neck.png"))) // outside it and its soft edge no pixel changes
                    .settings(GenerationSettings.fast())
                    .seed(42)
                    .count(4)
                    .retries(2) // rejected pictures are tried again with other seeds
                    .build();
            var control = RunControl.listeningTo(progress).withTimeout(Duration.ofMinutes(10));
            var result = generator.generate(request, control);
            for (var made : result.accepted()) {
                made.write(Path.of(made.provenance().id() + ".png"));
            }
            result.rejected().forEach(made -> System.out.println(made.verdict().reasons()));
            // endregion
            assertThat(result.accepted().size() + result.rejected().size()).isBetween(4, 12);
        }
    }

    @Test
    void findsAnAnomaly() throws IOException {
        var clip = directory;
        var goodPhotos = List.of(Photos.good(0), Photos.good(1));
        var photo = Photos.damaged();
        // region detect
        try (var detector = VladDetector.builder().modelDirectory(clip).build()) {
            var bank = detector.index("bolt", goodPhotos);
            var found = detector.detect(photo, bank);
            System.out.println(found.score() + " " + found.decision().label());
            found.overlay(photo).write(Path.of("where.png"));
        }
        // endregion
        assertThat(RgbImage.read(Path.of("where.png")).width()).isEqualTo(photo.width());
    }
}
