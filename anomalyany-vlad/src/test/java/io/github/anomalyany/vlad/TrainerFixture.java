// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Drawn pictures and the built-in CLIP, for tests of training. */
final class TrainerFixture {
    static final int SIDE = 96;
    static final int EPOCHS = 5;
    static final String CATEGORY = "metal";
    static final VladSettings SETTINGS =
            VladSettings.builtIn().toBuilder().inputSide(SIDE).build();
    static final TrainingSettings TRAINING = TrainingSettings.sdk().toBuilder()
            .epochs(EPOCHS)
            .batchSize(7)
            .learningRate(3e-3)
            .lossSide(24)
            .build();

    private TrainerFixture() {}

    /** Shiny ellipses. */
    static List<RgbImage> normals() {
        var normals = new ArrayList<RgbImage>();
        for (int i = 0; i < 6; i++) {
            int colour = 0xa08060 + i * 0x040201;
            normals.add(DrawnPictures.object(DrawnPictures.middle(SIDE, SIDE), colour, 0x303840, i));
        }
        return normals;
    }

    /** Six good pictures and twelve with textures on them. */
    static List<TrainingSample> samples() {
        var samples = new ArrayList<TrainingSample>();
        try (var generator = SyntheticAnomalies.draem()) {
            for (RgbImage normal : normals()) {
                samples.add(TrainingSample.normal(CATEGORY, normal));
                for (int seed = 0; seed < 2; seed++) {
                    var made = generator
                            .generate(GenerationRequest.builder()
                                    .normal(normal)
                                    .anomaly("damage")
                                    .seed(samples.size())
                                    .build())
                            .accepted()
                            .get(0);
                    samples.add(TrainingSample.anomaly(CATEGORY, made.image(), made.scores()));
                }
            }
        }
        return samples;
    }

    /** A good and an anomalous picture. */
    static List<TrainingSample> pair() {
        var normals = normals();
        float[] labels = new float[SIDE * SIDE];
        labels[SIDE * SIDE / 2] = 1;
        return List.of(
                TrainingSample.normal(CATEGORY, normals.get(0)),
                TrainingSample.anomaly(CATEGORY, normals.get(1), ScoreMap.of(SIDE, SIDE, labels)));
    }

    static VladTrainer.Builder trainer() {
        return VladTrainer.builder()
                .modelDirectory(TinyModels.directory())
                .device(Device.cpu())
                .settings(SETTINGS)
                .training(TRAINING);
    }

    static TrainingResult train(VladTrainer.Builder builder, List<TrainingSample> samples) throws IOException {
        try (var trainer = builder.build()) {
            return trainer.train(samples);
        }
    }

    static VladDetector.Builder detector() {
        return VladDetector.builder()
                .modelDirectory(TinyModels.directory())
                .device(Device.cpu())
                .settings(SETTINGS);
    }

    static void assertSame(LinearAdapters actual, LinearAdapters expected) {
        assertThat(actual.isTrained()).isEqualTo(expected.isTrained());
        for (int i = 0; i < expected.parameters().size(); i++) {
            assertThat(actual.parameters().get(i))
                    .as("parameters[%d]", i)
                    .containsExactly(expected.parameters().get(i));
        }
    }

    static List<Path> files(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
