// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
        var normals = new ArrayList<RgbImage>();
        try (var files = Files.newDirectoryStream(Path.of("good"), "*.png")) {
            for (Path file : files) {
                normals.add(RgbImage.read(file));
            }
        }
        try (var detector =
                VladDetector.builder().modelDirectory(TinyModels.directory()).build()) {
            var photo = RgbImage.read(Path.of("photo.png"));
            var found = detector.detect(photo, detector.index("brick", normals));
            found.overlay(photo).write(Path.of("where.png"));
            System.out.println(found.score());
        }
        // endregion
        assertThat(RgbImage.read(Path.of("where.png")).width()).isEqualTo(256);
    }

    /** Code of a user's. */
    private static RgbImage damaged(AnomalyGenerator generator, RgbImage normal) {
        return generator.generate(normal, "a photo of a brick with a hole").image();
    }

    @Test
    void isTestedWithoutAModel() {
        var normal = Photos.good(0);
        // region test
        try (var generator = SyntheticAnomalies.cutPaste()) {
            assertThat(damaged(generator, normal)).isNotEqualTo(normal);
        }
        // endregion
    }
}
