// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.TrainingProgress;
import io.github.anomalyany.vlad.TrainingProgress.Stage;
import io.github.anomalyany.vlad.TrainingResult;
import io.github.anomalyany.vlad.TrainingSample;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.TrainingSettings.Start;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.internal.AdapterCheck;
import io.github.anomalyany.vlad.internal.Backbone;
import io.github.anomalyany.vlad.internal.TextFeatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains adapters once, from samples to numbers. Belongs to one thread. */
public final class TrainingRun {
    /**
     * Where a run keeps what it could go on from.
     *
     * @param features folder of the backbone's features
     * @param state file of the state; empty for none
     * @param every epochs from one state to the next
     */
    public record Storage(Path features, Optional<Path> state, int every) {}

    private static final Logger log = LoggerFactory.getLogger(TrainingRun.class);

    private final Backbone backbone;
    private final VladSettings settings;
    private final TrainingSettings training;
    private final Storage storage;
    private final Consumer<TrainingProgress> listener;
    private final CancellationToken token;
    private final long start = System.nanoTime();
    private final LossMaps maps;

    /**
     * Prepares a run.
     *
     * @param backbone gives features
     * @param settings how the detector will look at pictures
     * @param training how to train
     * @param storage where to keep what the run could go on from
     * @param listener hears of progress
     * @param token stops the run when cancelled
     */
    public TrainingRun(
            Backbone backbone,
            VladSettings settings,
            TrainingSettings training,
            Storage storage,
            Consumer<TrainingProgress> listener,
            CancellationToken token) {
        this.backbone = backbone;
        this.settings = settings;
        this.training = training;
        this.storage = storage;
        this.listener = listener;
        this.token = token;
        maps = new LossMaps(
                settings.geometry(),
                backbone.grid(),
                backbone.side(),
                backbone.patchSize(),
                training.lossSide().orElse(backbone.side()));
    }

    /**
     * Trains.
     *
     * @param samples good and anomalous pictures
     * @return the adapters
     * @throws IOException if a picture can't be read, or features or state can't be written
     */
    public TrainingResult train(List<TrainingSample> samples) throws IOException {
        checkSamples(samples);
        var initial = initial();
        var fingerprint = Hashing.sha256().newHasher();
        var prepared = prepare(samples, fingerprint);
        if (prepared.isEmpty()) {
            return new TrainingResult(initial, List.of(), true, elapsed(start));
        }
        String task = "%s, side %d, %s, %s, samples %s"
                .formatted(
                        backbone.fingerprint(),
                        backbone.side(),
                        settings.description(),
                        training.description(),
                        fingerprint.hash().toString().substring(0, 16));
        List<float[]> parameters = initial.parameters();
        TrainingState state = storage.state().isPresent() && Files.exists(storage.state().get())
                ? TrainingState.load(storage.state().get(), task, parameters)
                : TrainingState.start(parameters);
        return learn(prepared.get(), state, task);
    }

    /** Samples with their features; nothing if it was cancelled. */
    private Optional<List<Prepared>> prepare(List<TrainingSample> samples, Hasher fingerprint) throws IOException {
        var prepared = new ArrayList<Prepared>();
        long began = System.nanoTime();
        var texts = new TextFeatures(backbone, settings.prompts());
        String name = Hashing.sha256()
                .hashString(backbone.fingerprint() + ", side " + backbone.side(), StandardCharsets.UTF_8)
                .toString()
                .substring(0, 16);
        Files.createDirectories(storage.features());
        for (TrainingSample sample : samples) {
            if (token.isCancelled()) {
                return Optional.empty();
            }
            var image = sample.image();
            Optional<float[]> labels = labels(sample, image);
            fingerprint.putString(sample.category(), StandardCharsets.UTF_8);
            fingerprint.putString(image.sha256(), StandardCharsets.US_ASCII);
            for (float label : labels.orElse(new float[0])) {
                fingerprint.putFloat(label);
            }
            var features = Features.of(image, backbone, storage.features(), name);
            float[] directions = texts.of(sample.category());
            prepared.add(labels.map(known -> Prepared.anomaly(features, directions, known))
                    .orElseGet(() -> Prepared.normal(features, directions)));
            report(Stage.FEATURES, prepared.size(), samples.size(), Double.NaN, began, prepared.size());
        }
        return Optional.of(prepared);
    }

    private static void checkSamples(List<TrainingSample> samples) {
        long anomalous = samples.stream().filter(TrainingSample::isAnomalous).count();
        if (anomalous == 0 || anomalous == samples.size()) {
            throw new IllegalArgumentException("samples must have good and anomalous pictures but %d of %d were anomalous"
                    .formatted(anomalous, samples.size()));
        }
    }

    private LinearAdapters initial() {
        var shape = backbone.adapterShape();
        return training.start() == Start.RANDOM
                ? LinearAdapters.random(shape, training.seed())
                : LinearAdapters.projecting(shape, backbone.projection());
    }

    private Optional<float[]> labels(TrainingSample sample, RgbImage image) throws IOException {
        var labels = sample.labels();
        if (labels.isEmpty()) {
            return Optional.empty();
        }
        if (labels.get().width() != image.width() || labels.get().height() != image.height()) {
            throw new IOException("labels of %s must be %d×%d as it is, but were %d×%d"
                    .formatted(
                            sample,
                            image.width(),
                            image.height(),
                            labels.get().width(),
                            labels.get().height()));
        }
        return Optional.of(maps.labels(labels.get(), training.labels()));
    }

    private TrainingResult learn(List<Prepared> samples, TrainingState from, String task) throws IOException {
        var shape = backbone.adapterShape();
        var step = new TrainingStep(
                backbone.runtime(),
                shape,
                backbone.grid() * backbone.grid(),
                settings.imageLogitScale().orElseGet(backbone::logitScale),
                settings.pixelLogitScale().orElseGet(backbone::logitScale),
                maps,
                training);
        TrainingState state = from;
        long began = System.nanoTime();
        while (state.epochs() < training.epochs()) {
            Optional<TrainingState> next = epoch(samples, step, state);
            if (next.isEmpty()) {
                save(state, task);
                return result(state, true);
            }
            state = next.get();
            report(
                    Stage.EPOCHS,
                    state.epochs(),
                    training.epochs(),
                    state.losses().get(state.epochs() - 1),
                    began,
                    state.epochs() - from.epochs());
            if (state.epochs() % storage.every() == 0) {
                save(state, task);
            }
        }
        save(state, task);
        return result(state, false);
    }

    /** The state after one more epoch; nothing if it was cancelled. */
    private Optional<TrainingState> epoch(List<Prepared> samples, TrainingStep step, TrainingState before) {
        TrainingState now = before.copy();
        var adam = new Adam(training, now.parameters(), now.means(), now.squares(), now.steps());
        double rate = training.learningRate(before.epochs());
        List<Prepared> order = order(samples, before.epochs());
        double sum = 0;
        for (int i = 0; i < order.size(); i += training.batchSize()) {
            if (token.isCancelled()) {
                return Optional.empty();
            }
            var batch = order.subList(i, Math.min(order.size(), i + training.batchSize()));
            var outcome = step.run(batch, now.parameters());
            adam.step(outcome.gradients(), rate);
            sum += outcome.loss() * batch.size();
        }
        var losses = new ArrayList<>(before.losses());
        losses.add(sum / order.size());
        return Optional.of(new TrainingState(now.parameters(), now.means(), now.squares(), adam.steps(), losses));
    }

    /** Every anomaly once and about as many good pictures, shuffled. */
    private List<Prepared> order(List<Prepared> samples, int epoch) {
        var random = new SplittableRandom(training.seed() * 0x9E3779B97F4A7C15L + epoch);
        var normals = shuffled(samples.stream().filter(s -> !s.anomalous()).toList(), random);
        var order = new ArrayList<>(samples.stream().filter(Prepared::anomalous).toList());
        int count = order.size();
        for (int i = 0; i < Math.max(count, normals.size()); i++) {
            order.add(normals.get(i % normals.size()));
        }
        return shuffled(order, random);
    }

    private static List<Prepared> shuffled(List<Prepared> samples, SplittableRandom random) {
        var shuffled = new ArrayList<>(samples);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Prepared swapped = shuffled.get(i);
            shuffled.set(i, shuffled.get(other));
            shuffled.set(other, swapped);
        }
        return shuffled;
    }

    private void save(TrainingState state, String task) throws IOException {
        if (storage.state().isPresent()) {
            state.save(storage.state().get(), task);
        }
    }

    private TrainingResult result(TrainingState state, boolean cancelled) {
        Map<String, String> notes = new LinkedHashMap<>();
        notes.put(AdapterCheck.BACKBONE, backbone.fingerprint());
        notes.put("side", Integer.toString(backbone.side()));
        notes.put("settings", settings.description());
        notes.put("training", training.description());
        notes.put("epochs", Integer.toString(state.epochs()));
        try {
            var adapters = LinearAdapters.of(backbone.adapterShape(), state.parameters(), state.epochs() > 0, notes);
            return new TrainingResult(adapters, state.losses(), cancelled, elapsed(start));
        } catch (IllegalArgumentException e) {
            throw new DetectionException("training diverged: lower the learning rate (%s)".formatted(training.learningRate()), e);
        }
    }

    private void report(Stage stage, int done, int total, double loss, long began, int doneNow) {
        Duration elapsed = elapsed(began);
        Duration remaining = elapsed.multipliedBy(total - done).dividedBy(Math.max(1, doneNow));
        try {
            listener.accept(new TrainingProgress(stage, done, total, loss, elapsed, remaining));
        } catch (RuntimeException e) {
            log.warn("a listener to training threw; training goes on", e);
        }
    }

    private static Duration elapsed(long since) {
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
