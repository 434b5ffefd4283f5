// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static io.github.anomalyany.vlad.TrainerFixture.CATEGORY;
import static io.github.anomalyany.vlad.TrainerFixture.EPOCHS;
import static io.github.anomalyany.vlad.TrainerFixture.SETTINGS;
import static io.github.anomalyany.vlad.TrainerFixture.TRAINING;
import static io.github.anomalyany.vlad.TrainerFixture.assertSame;
import static io.github.anomalyany.vlad.TrainerFixture.detector;
import static io.github.anomalyany.vlad.TrainerFixture.files;
import static io.github.anomalyany.vlad.TrainerFixture.trainer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.TrainingProgress.Stage;
import io.github.anomalyany.vlad.TrainingSettings.Start;
import io.github.anomalyany.vlad.TrainingSettings.Supervision;
import io.github.anomalyany.vlad.eval.ScoreMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings on drawn pictures. */
class VladTrainerTest {
    private static final List<TrainingSample> PAIR = TrainerFixture.pair();

    @TempDir
    private static Path cache;

    private static List<TrainingSample> samples;
    private static TrainingResult uninterrupted;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() throws IOException {
        samples = TrainerFixture.samples();
        uninterrupted = TrainerFixture.train(trainer().cacheDirectory(cache), samples);
    }

    private static VladTrainer.Builder cached() {
        return trainer().cacheDirectory(cache);
    }

    @Test
    void theLossGoesDown() {
        var losses = uninterrupted.losses();
        assertThat(losses).hasSize(EPOCHS);
        assertThat(uninterrupted.cancelled()).isFalse();
        assertThat(uninterrupted.adapters().isTrained()).isTrue();
        assertThat(losses.get(EPOCHS - 1)).isLessThan(0.8 * losses.get(0));
    }

    @Test
    void theSameTwiceAndWithoutKeptFeaturesGivesEqualBits() throws IOException {
        var again = TrainerFixture.train(trainer(), samples);
        assertSame(again.adapters(), uninterrupted.adapters());
        assertThat(again.losses()).isEqualTo(uninterrupted.losses());
    }

    @Test
    void oneTrainerTrainsTheSameTwice() throws IOException {
        try (var trainer = cached().build()) {
            trainer.train(PAIR);
            assertSame(trainer.train(samples).adapters(), uninterrupted.adapters());
        }
    }

    @Test
    void everyAnomalyIsSeenOnceAnEpochAmongAsManyGoodPictures() throws IOException {
        var seen = new ArrayList<float[]>();
        var loss = new WatchedLoss(batch -> seen.add(batch.imageLabels().clone()));
        TrainerFixture.train(
                cached().training(TRAINING.toBuilder().loss(loss).epochs(1).build()), samples);
        assertThat(seen.stream().map(labels -> labels.length)).containsExactly(7, 7, 7, 3);
        double anomalous = 0;
        for (float[] labels : seen) {
            for (float label : labels) {
                anomalous += label;
            }
        }
        assertThat(anomalous).isEqualTo(12);
    }

    @Test
    void anotherSeedGivesOtherAdapters() throws IOException {
        var other = TrainerFixture.train(
                cached().training(TRAINING.toBuilder().seed(1).build()), samples);
        assertThat(other.adapters().description())
                .isNotEqualTo(uninterrupted.adapters().description());
    }

    @Test
    void eachStageLearnsWhereTheBackboneHasSeveral() throws IOException {
        for (Supervision supervision : Supervision.values()) {
            var training = TRAINING.toBuilder()
                    .supervision(supervision)
                    .start(Start.RANDOM)
                    .epochs(2)
                    .build();
            var backbone = BackboneSpec.builtIn().withStages(List.of(3, 6));
            Path features = folder.resolve("features"); // other ones than those of one stage
            var builder = trainer().cacheDirectory(features).training(training).backbone(backbone);
            var result = TrainerFixture.train(builder, samples);
            assertThat(result.losses().get(1))
                    .as("%s", supervision)
                    .isLessThan(result.losses().get(0));
            var begin = LinearAdapters.random(result.adapters().shape(), training.seed())
                    .parameters();
            for (int i = 0; i < begin.size(); i++) {
                assertThat(result.adapters().parameters().get(i))
                        .as("parameters[%d], %s", i, supervision)
                        .isNotEqualTo(begin.get(i));
            }
        }
    }

    @Test
    void interruptedAfterAnEpochItGoesOnToTheSameAdapters() throws IOException {
        Path state = folder.resolve("state.safetensors");
        var token = new CancellationToken();
        TrainingResult first;
        try (var trainer = cached().stateFile(state, 1000)
                .listener(progress -> {
                    if (progress.stage() == Stage.EPOCHS && progress.done() == 2) {
                        token.cancel();
                    }
                })
                .build()) {
            first = trainer.train(samples, token);
        }
        assertThat(first.cancelled()).isTrue();
        assertThat(first.losses()).isEqualTo(uninterrupted.losses().subList(0, 2));
        var reports = new ArrayList<TrainingProgress>();
        var second = TrainerFixture.train(cached().stateFile(state, 1000).listener(reports::add), samples);
        assertThat(second.cancelled()).isFalse();
        assertSame(second.adapters(), uninterrupted.adapters());
        assertThat(second.losses()).isEqualTo(uninterrupted.losses());
        assertThat(reports.stream().filter(r -> r.stage() == Stage.EPOCHS).map(TrainingProgress::done))
                .containsExactly(3, 4, 5);
        var third = TrainerFixture.train(cached().stateFile(state, 1000), samples);
        assertSame(third.adapters(), uninterrupted.adapters());
    }

    @Test
    void interruptedWithinAnEpochItHasTheAdaptersOfTheEpochBefore() throws IOException {
        Path state = folder.resolve("state.safetensors");
        var token = new CancellationToken();
        var steps = new AtomicInteger();
        var loss = new WatchedLoss(batch -> {
            if (steps.incrementAndGet() == 6) { // the second step of the second epoch
                token.cancel();
            }
        });
        var training = TRAINING.toBuilder().loss(loss).build();
        TrainingResult first;
        try (var trainer = cached().training(training).stateFile(state, 1000).build()) {
            first = trainer.train(samples, token);
        }
        assertThat(steps).hasValue(6);
        assertThat(first.cancelled()).isTrue();
        assertThat(first.losses()).isEqualTo(uninterrupted.losses().subList(0, 1));
        var second = TrainerFixture.train(cached().training(training).stateFile(state, 1000), samples);
        assertSame(second.adapters(), uninterrupted.adapters());
    }

    @Test
    void afterAFailureItGoesOnFromTheLastState() throws IOException {
        Path state = folder.resolve("state.safetensors");
        var steps = new AtomicInteger();
        var loss = new WatchedLoss(batch -> {
            if (steps.incrementAndGet() == 14) { // in the fourth epoch
                throw new IllegalStateException("no more");
            }
        });
        var training = TRAINING.toBuilder().loss(loss).build();
        try (var trainer = cached().training(training).stateFile(state, 2).build()) {
            assertThatThrownBy(() -> trainer.train(samples))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("no more");
        }
        var reports = new ArrayList<TrainingProgress>();
        var rest = TrainerFixture.train(
                cached().training(training).stateFile(state, 2).listener(reports::add), samples);
        assertThat(reports.stream().filter(r -> r.stage() == Stage.EPOCHS).map(TrainingProgress::done))
                .containsExactly(3, 4, 5);
        assertSame(rest.adapters(), uninterrupted.adapters());
    }

    @Test
    void cancelledFromTheBeginningItComputesNothing() throws IOException {
        var token = new CancellationToken();
        token.cancel();
        var reports = new ArrayList<TrainingProgress>();
        Path features = folder.resolve("features");
        try (var trainer =
                trainer().cacheDirectory(features).listener(reports::add).build()) {
            var result = trainer.train(samples, token);
            assertThat(result.cancelled()).isTrue();
            assertThat(result.losses()).isEmpty();
            assertThat(result.adapters().isTrained()).isFalse();
        }
        assertThat(reports).isEmpty();
        assertThat(files(features)).isEmpty();
    }

    @Test
    void cancelledWhileFeaturesAreComputedItKeepsThose() throws IOException {
        var token = new CancellationToken();
        Path features = folder.resolve("features");
        Path state = folder.resolve("state.safetensors");
        try (var trainer = trainer()
                .cacheDirectory(features)
                .stateFile(state, 1)
                .listener(progress -> {
                    if (progress.done() == 3) {
                        token.cancel();
                    }
                })
                .build()) {
            assertThat(trainer.train(samples, token).cancelled()).isTrue();
        }
        assertThat(files(features)).hasSize(3);
        assertThat(state).doesNotExist();
    }

    @Test
    void reportsEachSampleAndEachEpoch() throws IOException {
        var reports = new ArrayList<TrainingProgress>();
        TrainerFixture.train(cached().listener(reports::add), samples);
        assertThat(reports).hasSize(samples.size() + EPOCHS);
        for (int i = 0; i < reports.size(); i++) {
            var report = reports.get(i);
            boolean features = i < samples.size();
            assertThat(report.stage()).isEqualTo(features ? Stage.FEATURES : Stage.EPOCHS);
            assertThat(report.done()).isEqualTo(features ? i + 1 : i + 1 - samples.size());
            assertThat(report.total()).isEqualTo(features ? samples.size() : EPOCHS);
            Double loss = features
                    ? Double.valueOf(Double.NaN)
                    : uninterrupted.losses().get(i - samples.size());
            assertThat(report.loss()).isEqualTo(loss);
            assertThat(report.elapsed()).isPositive();
            if (report.done() == report.total()) {
                assertThat(report.remaining()).isZero();
            } else {
                assertThat(report.remaining()).isPositive();
            }
        }
    }

    @Test
    void aListenerThatThrowsDoesNotEndIt() throws IOException {
        var result = TrainerFixture.train(
                cached().listener(progress -> {
                    if (progress.done() == 1) {
                        throw new IllegalStateException("the screen is full");
                    }
                }),
                samples);
        assertSame(result.adapters(), uninterrupted.adapters());
    }

    @Test
    void damagedFeaturesAreMadeAgain() throws IOException {
        Path features = folder.resolve("features");
        TrainerFixture.train(trainer().cacheDirectory(features), samples);
        var files = files(features);
        assertThat(files).hasSize(samples.size());
        byte[] whole = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Arrays.copyOf(whole, whole.length - 1));
        Files.write(files.get(1), new byte[0]);
        Files.writeString(files.get(2), "no tensors");
        Files.delete(files.get(3));
        var again = TrainerFixture.train(trainer().cacheDirectory(features), samples);
        assertSame(again.adapters(), uninterrupted.adapters());
        assertThat(files(features)).isEqualTo(files);
        assertThat(Files.readAllBytes(files.get(0))).isEqualTo(whole);
    }

    @Test
    void aDamagedStateIsNamed() throws IOException {
        Path state = folder.resolve("state.safetensors");
        TrainerFixture.train(cached().stateFile(state, 1), PAIR);
        byte[] whole = Files.readAllBytes(state);
        for (byte[] damaged : List.of(new byte[0], new byte[] {1, 2, 3}, Arrays.copyOf(whole, whole.length / 2))) {
            Files.write(state, damaged);
            assertRefused(state, cached(), PAIR)
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(state.toString());
            assertThat(Files.readAllBytes(state)).as("is left as it is").isEqualTo(damaged);
        }
    }

    @Test
    void anotherFileIsNoState() throws IOException {
        Path adapters = folder.resolve("adapters.safetensors");
        uninterrupted.adapters().save(adapters);
        assertRefused(adapters, cached(), PAIR)
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(adapters.toString())
                .hasMessageContaining("holds no state of training; name another file or delete it");
        assertThat(LinearAdapters.load(adapters).description())
                .isEqualTo(uninterrupted.adapters().description());
    }

    @Test
    void theStateOfAnotherTrainingIsRefused() throws IOException {
        Path state = folder.resolve("state.safetensors");
        TrainerFixture.train(cached().stateFile(state, 1), PAIR);
        var otherTrainings = List.of(
                TRAINING.toBuilder().seed(7).build(),
                TRAINING.toBuilder().epochs(EPOCHS + 1).build(),
                TRAINING.toBuilder().labels(LabelMode.hard(0.5)).build(),
                TRAINING.toBuilder().loss(VladLoss.paper(2, 6, 0.1)).build());
        for (var training : otherTrainings) {
            assertBelongsElsewhere(state, cached().training(training), PAIR);
        }
        assertBelongsElsewhere(
                state, cached().settings(SETTINGS.toBuilder().inputSide(80).build()), PAIR);
        assertBelongsElsewhere(
                state,
                cached().settings(SETTINGS.toBuilder().pixelLogitScale(20).build()),
                PAIR);
        assertBelongsElsewhere(state, cached().backbone(BackboneSpec.builtIn().withStages(List.of(5))), PAIR);
        assertBelongsElsewhere(state, cached(), TrainerFixture.samples().subList(0, 3));
        assertBelongsElsewhere(
                state,
                cached(),
                List.of(TrainingSample.normal("wood", PAIR.get(0).image()), PAIR.get(1)));
    }

    @Test
    void theStateOfOtherLabelsIsRefused() throws IOException {
        Path state = folder.resolve("state.safetensors");
        var last = PAIR.get(1);
        TrainerFixture.train(cached().stateFile(state, 1), PAIR);
        float[] labels = last.labels().orElseThrow().toArray();
        Arrays.fill(labels, 0, labels.length / 2, 0.75f);
        var image = last.image();
        var map = ScoreMap.of(image.width(), image.height(), labels);
        assertBelongsElsewhere(state, cached(), List.of(PAIR.get(0), TrainingSample.anomaly(CATEGORY, image, map)));
    }

    private static void assertBelongsElsewhere(Path state, VladTrainer.Builder builder, List<TrainingSample> samples) {
        assertRefused(state, builder, samples)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(state + " is the state of another training")
                .hasMessageContaining("name another file or delete it");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            Path state, VladTrainer.Builder builder, List<TrainingSample> samples) {
        return assertThatThrownBy(() -> TrainerFixture.train(builder.stateFile(state, 1), samples));
    }

    @Test
    void savedAndLoadedAdaptersGiveTheSameScores() throws IOException {
        Path file = folder.resolve("metal.safetensors");
        uninterrupted.adapters().save(file);
        var images = TrainerFixture.normals().subList(0, 3);
        try (var inMemory = detector().adapter(uninterrupted.adapters()).build();
                var loaded = detector().adapter(LinearAdapters.load(file)).build()) {
            var bank = inMemory.index(CATEGORY, images.subList(0, 2));
            for (RgbImage image : images) {
                assertThat(loaded.detect(image, bank).map())
                        .isEqualTo(inMemory.detect(image, bank).map());
                assertThat(loaded.detect(image, CATEGORY).score())
                        .isEqualTo(inMemory.detect(image, CATEGORY).score());
            }
        }
    }

    @Test
    void adaptersSayHowTheyWereTrained() {
        assertThat(uninterrupted.adapters().notes())
                .containsEntry("training", TRAINING.description())
                .containsEntry("settings", SETTINGS.description())
                .containsEntry("epochs", "5")
                .containsEntry("side", "96")
                .containsKey("backbone");
    }

    @Test
    void aDetectorWithAnotherBackboneRefusesThem() {
        var shallower = BackboneSpec.builtIn().withStages(List.of(5));
        assertThatThrownBy(() -> detector()
                        .backbone(shallower)
                        .adapter(uninterrupted.adapters())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the adapter was trained for another backbone");
        var more = BackboneSpec.builtIn().withStages(List.of(3, 6));
        assertThatThrownBy(() -> detector()
                        .backbone(more)
                        .adapter(uninterrupted.adapters())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stages=1")
                .hasMessageContaining("stages=2");
    }

    @Test
    void theTrainedDetectorBeatsTheUntrainedOneOnItsOwnPictures() throws IOException {
        try (var untrained = detector().build();
                var trained = detector().adapter(uninterrupted.adapters()).build()) {
            double before = areaUnderCurve(untrained);
            assertThat(areaUnderCurve(trained)).isGreaterThan(before + 0.05);
        }
    }

    private static double areaUnderCurve(VladDetector detector) throws IOException {
        float[] scores = new float[samples.size()];
        boolean[] anomalous = new boolean[samples.size()];
        for (int i = 0; i < scores.length; i++) {
            var sample = samples.get(i);
            scores[i] = (float) detector.detect(sample.image(), CATEGORY).score();
            anomalous[i] = sample.isAnomalous();
        }
        return ScoreMetrics.of(scores, anomalous).auroc();
    }

    /** The paper's loss, watched. */
    private record WatchedLoss(Consumer<VladLoss.Batch> watcher) implements VladLoss {
        @Override
        public String description() {
            return VladLoss.paper().description();
        }

        @Override
        public Value evaluate(Batch batch) {
            watcher.accept(batch);
            return VladLoss.paper().evaluate(batch);
        }
    }
}
