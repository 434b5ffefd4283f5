// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.AnomalyAnyException;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.Device;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.vlad.internal.Backbone;
import io.github.anomalyany.vlad.internal.training.TrainingRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains VLAD's adapters on good pictures and on anomalies, generated or real (spec §5).
 *
 * <pre>{@code
 * try (var trainer = VladTrainer.builder().modelDirectory(clip).build()) {
 *     trainer.train(samples).adapters().save(Path.of("bolt.safetensors"));
 * }
 * }</pre>
 *
 * <p>Equal samples and settings give equal adapters on one machine. Any thread may call; runs go one after the other. Holds a
 * loaded model until it is closed.
 */
public final class VladTrainer implements AutoCloseable {
    private final Backbone backbone;
    private final VladSettings settings;
    private final TrainingSettings training;
    private final Optional<Path> cacheDirectory;
    private final Optional<Path> stateFile;
    private final int stateEvery;
    private final Consumer<TrainingProgress> listener;
    private final Gate gate = new Gate("trainer");

    private VladTrainer(Builder builder, Backbone backbone) {
        this.backbone = backbone;
        settings = Optional.ofNullable(builder.settings).orElseGet(backbone::recommendedSettings);
        training = builder.training;
        cacheDirectory = Optional.ofNullable(builder.cacheDirectory);
        stateFile = Optional.ofNullable(builder.stateFile);
        stateEvery = builder.stateEvery;
        listener = builder.listener;
    }

    /**
     * Trains adapters.
     *
     * @param samples good and anomalous pictures
     * @return the adapters and how training went
     * @throws IOException if a picture can't be read, or features or the state can't be written
     * @throws IllegalArgumentException if there are no good or no anomalous pictures, the loss's side is above the input's, or
     *     the state file belongs to another training
     * @throws IllegalStateException if this trainer is closed
     * @throws DetectionException if the engine or a strategy failed, or the loss became infinite
     */
    public TrainingResult train(List<TrainingSample> samples) throws IOException {
        return train(samples, new CancellationToken());
    }

    /**
     * Trains adapters until a token is cancelled. Then the result has the adapters after the last whole epoch, and the state
     * file, if one is named, what is needed to go on. While features are computed there is no epoch yet, and the result has
     * the adapters as they begin; the state file stays as it is.
     *
     * @param samples good and anomalous pictures
     * @param token stops training between two steps
     * @return the adapters and how training went
     * @throws IOException if a picture can't be read, or features or the state can't be written
     * @throws IllegalArgumentException if there are no good or no anomalous pictures, the loss's side is above the input's, or
     *     the state file belongs to another training
     * @throws IllegalStateException if this trainer is closed
     * @throws DetectionException if the engine or a strategy failed, or the loss became infinite
     */
    public TrainingResult train(List<TrainingSample> samples, CancellationToken token) throws IOException {
        try {
            return gate.pass(() -> {
                try {
                    return exclusively(List.copyOf(samples), token);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        } catch (AnomalyAnyException | IllegalArgumentException | IllegalStateException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new DetectionException(
                    "training failed on %s: %s".formatted(backbone.runtime().device(), e.getMessage()), e);
        }
    }

    private synchronized TrainingResult exclusively(List<TrainingSample> samples, CancellationToken token)
            throws IOException {
        if (cacheDirectory.isPresent()) {
            return run(cacheDirectory.get(), samples, token);
        }
        Path temporary = Files.createTempDirectory("anomalyany-features");
        try {
            return run(temporary, samples, token);
        } finally {
            try (var files = Files.walk(temporary)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private TrainingResult run(Path features, List<TrainingSample> samples, CancellationToken token)
            throws IOException {
        var storage = new TrainingRun.Storage(features, stateFile, stateEvery);
        return new TrainingRun(backbone, settings, training, storage, listener, token).train(samples);
    }

    /** Frees the model. Waits for a running training, never throws, does nothing the second time. */
    @Override
    public void close() {
        gate.close(backbone::close);
    }

    /**
     * Starts building a trainer.
     *
     * @return a builder with the defaults
     */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects what a trainer needs. Not safe for use by several threads at once. */
    public static final class Builder {
        private @Nullable Path modelDirectory;
        private @Nullable BackboneSpec backbone;
        private Device device = Device.auto();
        private @Nullable VladSettings settings;
        private TrainingSettings training = TrainingSettings.sdk();
        private @Nullable Path cacheDirectory;
        private @Nullable Path stateFile;
        private int stateEvery = 10;
        private Consumer<TrainingProgress> listener = progress -> {};

        private Builder() {}

        /**
         * Sets where the CLIP model is. Required; see {@link VladDetector.Builder#modelDirectory}.
         *
         * @param directory a folder with a CLIP model
         * @return this builder
         */
        public Builder modelDirectory(Path directory) {
            modelDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets what the model's files don't tell. Default: see {@link VladDetector.Builder#backbone}.
         *
         * @param backbone the specification
         * @return this builder
         */
        public Builder backbone(BackboneSpec backbone) {
            this.backbone = Objects.requireNonNull(backbone, "backbone");
            return this;
        }

        /**
         * Sets where to run. Default: {@link Device#auto()}.
         *
         * @param device the device
         * @return this builder
         */
        public Builder device(Device device) {
            this.device = Objects.requireNonNull(device, "device");
            return this;
        }

        /**
         * Sets how the detector will look at pictures. Default: see {@link VladDetector.Builder#settings}.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder settings(VladSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets how to train. Default: {@link TrainingSettings#sdk()}.
         *
         * @param training the settings
         * @return this builder
         */
        public Builder training(TrainingSettings training) {
            this.training = Objects.requireNonNull(training, "training");
            return this;
        }

        /**
         * Sets where the backbone's features are kept from one training to the next: about 11 MB a picture for ViT-L/14 at 518
         * pixels. Default: a temporary folder for each training.
         *
         * @param directory a folder, created if need be
         * @return this builder
         */
        public Builder cacheDirectory(Path directory) {
            cacheDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets where training is kept so that it can go on. If the file is there, training goes on from it, and ends with the
         * adapters that it would have come to without interruption. Default: nowhere.
         *
         * @param file a file in an existing folder
         * @param every epochs from one state to the next, 1 to 1,000
         * @return this builder
         * @throws IllegalArgumentException if {@code every} is out of range
         */
        public Builder stateFile(Path file, int every) {
            stateFile = Objects.requireNonNull(file, "file");
            stateEvery = Arguments.range("every", every, 1, 1000);
            return this;
        }

        /**
         * Sets who hears of progress. Default: nobody.
         *
         * @param listener called on the thread of the training
         * @return this builder
         */
        public Builder listener(Consumer<TrainingProgress> listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Loads the model.
         *
         * @return a trainer, to be closed by the caller
         * @throws IllegalStateException if no model directory was set
         * @throws io.github.anomalyany.EngineUnavailableException if the engine or the device isn't there
         * @throws io.github.anomalyany.ModelLoadException if the directory doesn't hold a model that can be used
         */
        public VladTrainer build() {
            if (modelDirectory == null) {
                throw new IllegalStateException("modelDirectory is required");
            }
            var side = settings == null ? OptionalInt.empty() : settings.inputSide();
            return new VladTrainer(
                    this, Backbone.load(modelDirectory, Optional.ofNullable(backbone), device, side));
        }
    }
}
