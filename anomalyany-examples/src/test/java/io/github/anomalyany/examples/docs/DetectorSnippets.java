// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.Calibrator;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.SamplePlan;
import io.github.anomalyany.vlad.TrainingFolder;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladTrainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of docs/detector.md. */
class DetectorSnippets {
    private final Path clip = TinyModels.directory();

    @Test
    void detectsWithACalibration() throws IOException {
        var normals = Photos.good(0, 4);
        var photo = Photos.damaged();
        // region calibrated
        try (var detector = VladDetector.builder().modelDirectory(clip).build()) {
            var bank = detector.index("bolt", normals);
            var calibrated = Calibrator.quantile(0.995)
                    .leaveOneOut(detector, "bolt", normals)
                    .map(bank::withCalibration)
                    .orElse(bank);
            var found = detector.detect(photo, calibrated);
            System.out.println(found.decision().label() + " " + found.score());
            found.overlay(photo).write(Path.of("heatmap.png"));
        }
        // endregion
        assertThat(RgbImage.read(Path.of("heatmap.png")).width()).isEqualTo(photo.width());
    }

    @Test
    void trainsOnGeneratedAnomalies() throws IOException {
        Photos.delete("anomalies", "features", "bolt.safetensors");
        var normals = Photos.good(0, 2);
        var plan = SamplePlan.fewShot()
                .withPerNormal(1)
                .withPrompts(List.of("a photo of a brick with a hole"))
                .withRegion(RegionProposal.wholeImage())
                .withSettings(GenerationSettings.fast());
        try (var generator = TinyModels.generator().build()) {
            // region training
            var samples = TrainingFolder.of(Path.of("anomalies"));
            samples.generate(generator, "bolt", normals, plan, new CancellationToken());
            try (var trainer = VladTrainer.builder()
                    .modelDirectory(clip)
                    .cacheDirectory(Path.of("features"))
                    .build()) {
                trainer.train(samples.samples()).adapters().save(Path.of("bolt.safetensors"));
            }
            var detector = VladDetector.builder()
                    .modelDirectory(clip)
                    .adapter(LinearAdapters.load(Path.of("bolt.safetensors")))
                    .build();
            // endregion
            try (detector) {
                assertThat(detector.detect(Photos.damaged(), "bolt").score()).isBetween(0.0, 1.0);
            }
        }
    }
}
