// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static io.github.anomalyany.testing.AnomalyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.examples.TinyHub;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.models.ModelStore;
import io.github.anomalyany.testing.FakeGenerator;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.Calibrator;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of README.md. */
class ReadmeSnippets {
    @Test
    void makesAnAnomalyAndItsMask() throws IOException {
        Photos.good(0).write(Path.of("photo.png"));
        // region first
        try (var generator = AnomalyGenerator.builder()
                .modelDirectory(TinyModels.directory())
                .build()) {
            var photo = RgbImage.read(Path.of("photo.png")); // a good part
            var made = generator.generate(photo, "a photo of a brick with a hole");
            made.write(Path.of("anomaly.png")); // its provenance inside
            made.mask().write(Path.of("mask.png")); // the pixels that show the anomaly
            System.out.println(
                    made.verdict().accepted() ? "accepted" : made.verdict().reasons());
        }
        // endregion
        assertThat(RgbImage.readPngText(Path.of("anomaly.png"))).containsKey("anomalyany");
        assertThat(Mask.read(Path.of("mask.png")).isEmpty()).isFalse();
    }

    /** A cache in which the built-in models lie under the names of real ones. */
    @Test
    void takesRealWeights(@TempDir Path cache) throws IOException {
        var folders = Map.of(
                "stable-diffusion-v1-5/stable-diffusion-v1-5", TinyModels.directory(),
                "openai/clip-vit-large-patch14", TinyModels.directory().resolve("clip"));
        for (var folder : folders.entrySet()) {
            try (var hub = new TinyHub(folder.getKey(), folder.getValue())) {
                var filling =
                        ModelStore.builder().allowDownloads(true).cache(cache).endpoint(URI.create(hub.url()));
                filling.build().huggingFace(folder.getKey());
            }
        }
        // region weights
        var store = ModelStore.builder()
                .cache(cache)
                .allowDownloads(true)
                .build(); // without cache(...): Hugging Face's own
        var model = store.huggingFace("stable-diffusion-v1-5/stable-diffusion-v1-5");
        var clip = store.huggingFace("openai/clip-vit-large-patch14"); // for refinement, and for detectors
        var generator = AnomalyGenerator.builder()
                .modelDirectory(model)
                .clipDirectory(clip)
                .build();
        // endregion
        generator.close();
        assertThat(model).isDirectoryContaining("glob:**/model_index.json");
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
        Photos.delete("good");
        Files.createDirectories(Path.of("good"));
        for (int i = 0; i < 4; i++) {
            Photos.good(i).write(Path.of("good", i + ".png"));
        }
        Photos.damaged().write(Path.of("photo.png"));
        // region detect
        try (var detector =
                VladDetector.builder().modelDirectory(TinyModels.directory()).build()) {
            var good = RgbImage.readFolder(Path.of("good"));
            var limits = Calibrator.quantile(0.995)
                    .leaveOneOut(detector, "brick", good)
                    .orElseThrow();
            var bank = detector.index("brick", good).withCalibration(limits);
            var photo = RgbImage.read(Path.of("photo.png"));
            var found = detector.detect(photo, bank);
            System.out.println(found.score() + " " + found.decision().label());
            found.overlay(photo).write(Path.of("where.png"));
        }
        // endregion
        assertThat(RgbImage.read(Path.of("where.png")).width())
                .isEqualTo(Photos.damaged().width());
    }

    @Test
    void testsCodeWithoutAModel() {
        var photo = Photos.good(0);
        // region fake
        var generator = new FakeGenerator().rejectEvery(3);
        var made = generator.generate(photo, "a photo of a brick with a hole");
        assertThat(made).isAccepted().hasSizeOf(photo).changedWhereMasked(photo);
        assertThat(made.mask()).hasAreaShareBetween(0.001, 0.1);
        // endregion
        assertThat(generator.requests()).hasSize(1);
    }
}
