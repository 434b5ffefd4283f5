// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static io.github.anomalyany.vlad.TrainerFixture.CATEGORY;
import static io.github.anomalyany.vlad.TrainerFixture.SETTINGS;
import static io.github.anomalyany.vlad.TrainerFixture.SIDE;
import static io.github.anomalyany.vlad.TrainerFixture.TRAINING;
import static io.github.anomalyany.vlad.TrainerFixture.files;
import static io.github.anomalyany.vlad.TrainerFixture.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What training refuses, and what it says then. */
class VladTrainerInputTest {
    private static final List<TrainingSample> PAIR = TrainerFixture.pair();

    @TempDir
    Path folder;

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            VladTrainer.Builder builder, List<TrainingSample> samples) {
        return assertThatThrownBy(() -> TrainerFixture.train(builder, samples));
    }

    @Test
    void needsAModel() {
        assertThatThrownBy(() -> VladTrainer.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("modelDirectory is required");
    }

    @Test
    void refusesStatesAtNoInterval() {
        assertThatThrownBy(() -> trainer().stateFile(folder.resolve("state"), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("every must be in [1, 1000] but was 0");
    }

    @Test
    void needsGoodAndAnomalousPictures() {
        assertRefused(trainer(), List.of())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 of 0 were anomalous");
        assertRefused(trainer(), List.of(PAIR.get(0), PAIR.get(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("samples must have good and anomalous pictures but 0 of 2 were anomalous");
        assertRefused(trainer(), List.of(PAIR.get(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 of 1 were anomalous");
    }

    @Test
    void refusesALossSideAboveTheInputs() throws IOException {
        var large = TRAINING.toBuilder().epochs(1).lossSide(SIDE + 1).build();
        assertRefused(trainer().training(large), PAIR)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lossSide must be at most the input's side 96 but was 97");
        var equal = TRAINING.toBuilder().epochs(1).lossSide(SIDE).build();
        assertThat(TrainerFixture.train(trainer().training(equal), PAIR).losses())
                .hasSize(1);
    }

    @Test
    void refusesAGeometryOfAnotherSize() {
        MapGeometry wrong = new MapGeometry() {
            @Override
            public String description() {
                return "wrong";
            }

            @Override
            public double[][] operator(int grid, int side, int patchSize) {
                return new double[side][grid + 1];
            }
        };
        assertRefused(trainer().settings(SETTINGS.toBuilder().geometry(wrong).build()), PAIR)
                .isInstanceOf(DetectionException.class)
                .hasMessageContaining("the map geometry wrong must give [96]");
    }

    @Test
    void refusesLabelsThatAModeMakesOutOfRange() {
        for (float label : new float[] {-0.1f, 1.1f, Float.NaN}) {
            var mode = LabelMode.of("odd", (value, largest) -> label);
            assertRefused(trainer().training(TRAINING.toBuilder().labels(mode).build()), PAIR)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the label mode odd must give labels in [0, 1] but gave " + label);
        }
    }

    @Test
    void namesALossThatIsNotANumber() {
        assertRefused(
                        withLoss(right ->
                                new VladLoss.Value(Double.NaN, right.imageGradient(), right.pixelGradient())),
                        PAIR)
                .isInstanceOf(DetectionException.class)
                .hasMessageContaining("the loss changed became NaN");
    }

    @Test
    void namesALossWithTooFewDerivatives() {
        assertRefused(withLoss(right -> new VladLoss.Value(1, new float[0], right.pixelGradient())), PAIR)
                .isInstanceOf(DetectionException.class)
                .hasMessageContaining("the loss changed must give 2 and 1152 derivatives but gave 0 and 1152");
    }

    private static VladTrainer.Builder withLoss(Function<VladLoss.Value, VladLoss.Value> change) {
        var loss = new VladLoss() {
            @Override
            public String description() {
                return "changed";
            }

            @Override
            public Value evaluate(Batch batch) {
                return change.apply(VladLoss.paper().evaluate(batch));
            }
        };
        return trainer().training(TRAINING.toBuilder().loss(loss).build());
    }

    @Test
    void namesAPictureThatCannotBeReadAndKeepsWhatIsComputed() throws IOException {
        Path broken = folder.resolve("broken.png");
        Files.writeString(broken, "no picture");
        Path features = folder.resolve("features");
        var samples = List.of(PAIR.get(0), PAIR.get(1), TrainingSample.normal(CATEGORY, broken));
        assertRefused(trainer().cacheDirectory(features), samples)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(broken.toString());
        assertThat(files(features)).hasSize(2);
        Path missing = folder.resolve("missing.png");
        assertRefused(
                        trainer().cacheDirectory(features),
                        List.of(PAIR.get(0), TrainingSample.anomaly(CATEGORY, missing, missing)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(missing.toString());
    }

    @Test
    void namesLabelsThatCannotBeRead() throws IOException {
        Path image = folder.resolve("dented.png");
        PAIR.get(1).image().write(image);
        Path labels = folder.resolve("labels.png");
        assertRefused(trainer(), List.of(PAIR.get(0), TrainingSample.anomaly(CATEGORY, image, labels)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(labels.toString());
    }

    @Test
    void namesAPictureWhoseLabelsHaveAnotherSize() throws IOException {
        Path image = folder.resolve("dented.png");
        PAIR.get(1).image().write(image);
        Path labels = folder.resolve("labels.png");
        ScoreMap.of(2, 3, new float[6]).toImage().write(labels);
        assertRefused(trainer(), List.of(PAIR.get(0), TrainingSample.anomaly(CATEGORY, image, labels)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(image.toString())
                .hasMessageContaining("must be 96×96 as it is, but were 2×3");
    }

    @Test
    void saysWhereAStateCannotBeWritten() {
        Path nowhere = folder.resolve("none/state.safetensors");
        assertRefused(trainer().stateFile(nowhere, 1), PAIR)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void picturesOfAnySizeAreTaken() throws IOException {
        RgbImage wide = PAIR.get(0).image().crop(new Region(0, 0, 90, 31));
        float[] labels = new float[90 * 31];
        labels[5] = 0.5f;
        var samples = List.of(
                TrainingSample.normal("unheard of-2", wide),
                TrainingSample.anomaly(CATEGORY, wide, ScoreMap.of(90, 31, labels)));
        assertThat(TrainerFixture.train(trainer(), samples).losses())
                .hasSize(TRAINING.epochs())
                .allMatch(Double::isFinite);
    }

    @Test
    void aClosedTrainerRefuses() throws IOException {
        var trainer = trainer().build();
        trainer.close();
        trainer.close();
        assertThatThrownBy(() -> trainer.train(PAIR))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
