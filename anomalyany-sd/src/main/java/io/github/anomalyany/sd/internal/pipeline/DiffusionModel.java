// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.Device;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.ClipModel;
import io.github.anomalyany.djl.ClipTextTower;
import io.github.anomalyany.djl.ClipTokenizer;
import io.github.anomalyany.djl.ModelConfig;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.models.ModelStore;
import io.github.anomalyany.models.ModelUnavailableException;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseScheduler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a model directory holds, loaded. Any thread. */
final class DiffusionModel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DiffusionModel.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final TensorRuntime runtime;
    private final Path directory;
    private final SchedulerConfig scheduler;
    private final ClipTokenizer tokenizer;
    private final ClipTextTower textEncoder;
    private final Unet unet;
    private final Autoencoder vae;
    private final @Nullable Autoencoder smallDecoder;
    private final @Nullable ClipModel clip;
    private final @Nullable ClipTokenizer clipTokenizer;
    private final Fingerprint fingerprint;

    private DiffusionModel(Path directory, Companions companions, Device device) {
        this.directory = directory;
        checkIndex(directory);
        try {
            scheduler = SchedulerConfig.read(directory.resolve("scheduler").resolve("scheduler_config.json"));
            runtime = owned(TensorRuntime.open(device));
            textEncoder = owned(ClipTextTower.load(runtime, directory.resolve("text_encoder")));
            tokenizer = tokenizer(directory.resolve("tokenizer"), textEncoder);
            unet = owned(Unet.load(runtime, directory.resolve("unet")));
            vae = owned(Autoencoder.load(runtime, directory.resolve("vae")));
            checkFit();
            Optional<Path> clipFolder = companion(companions.clip, "clip");
            clip = clipFolder.isPresent() ? owned(ClipModel.load(runtime, clipFolder.get())) : null;
            clipTokenizer = clip == null ? null : tokenizer(clipTokenizerFolder(clipFolder.orElseThrow()), clip.text());
            Optional<Path> decoderFolder = companion(companions.smallDecoder, "taesd");
            smallDecoder = decoderFolder.isPresent() ? owned(smallDecoder(decoderFolder.get())) : null;
            fingerprint = new Fingerprint(directory, clipFolder);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Models beside the diffusion model, where the caller named them; else those in its own folders are taken.
     *
     * @param clip a CLIP model, otherwise in the folder {@code clip}
     * @param smallDecoder an AutoencoderTiny, otherwise in the folder {@code taesd}
     */
    record Companions(Optional<Path> clip, Optional<Path> smallDecoder) {
        /** None named. */
        static Companions inside() {
            return new Companions(Optional.empty(), Optional.empty());
        }
    }

    /**
     * Loads a model.
     *
     * @param directory the diffusers layout
     * @param companions the models beside it
     * @param device where to run
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if a part is missing, damaged or not supported
     */
    static DiffusionModel load(Path directory, Companions companions, Device device) {
        long start = System.nanoTime();
        var model = new DiffusionModel(directory, companions, device);
        log.info(
                "loaded a diffusion model on {} in {} ms",
                model.runtime.device(),
                (System.nanoTime() - start) / 1_000_000);
        return model;
    }

    private <T extends AutoCloseable> T owned(T part) {
        parts.push(part);
        return part;
    }

    private static void checkIndex(Path directory) {
        try {
            // One message for all that is missing, before anything is loaded.
            ModelStore.offline().directory(directory);
        } catch (ModelUnavailableException e) {
            throw new ModelLoadException(directory, null, "no model can be loaded: " + e.getMessage(), e);
        }
        var index = ModelConfig.read(directory.resolve("model_index.json"));
        index.text(
                "_class_name", "StableDiffusionPipeline", "StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline");
        part(index, "unet", "UNet2DConditionModel");
        part(index, "vae", "AutoencoderKL", "AutoencoderTiny");
        part(index, "text_encoder", "CLIPTextModel");
        part(index, "tokenizer", "CLIPTokenizer", "CLIPTokenizerFast");
    }

    /** An entry is [library, class]; the library's name doesn't matter. */
    private static void part(ModelConfig index, String name, String... kinds) {
        List<String> entry = index.texts(name, 2, 2);
        if (!List.of(kinds).contains(entry.get(1))) {
            throw index.problem(name, "its class must be one of " + List.of(kinds));
        }
    }

    private Optional<Path> companion(Optional<Path> named, String folder) {
        Path inside = directory.resolve(folder);
        return named.isPresent() || !Files.isDirectory(inside) ? named : Optional.of(inside);
    }

    private Autoencoder smallDecoder(Path folder) {
        var small = Autoencoder.load(runtime, folder);
        var full = vae.description();
        if (small.description().latentChannels() != full.latentChannels()
                || small.description().scale() != full.scale()) {
            small.close();
            throw new ModelLoadException(
                    folder,
                    "has %d latent channels at 1/%d of the picture's size but the model's VAE has %d at 1/%d"
                            .formatted(
                                    small.description().latentChannels(),
                                    small.description().scale(),
                                    full.latentChannels(),
                                    full.scale()));
        }
        return small;
    }

    private static ClipTokenizer tokenizer(Path folder, ClipTextTower tower) {
        var tokenizer = ClipTokenizer.load(folder, tower.positions());
        if (tokenizer.vocabularySize() > tower.vocabulary()) {
            throw new ModelLoadException(
                    folder,
                    "has %d tokens but the text encoder knows only %d: they don't belong together"
                            .formatted(tokenizer.vocabularySize(), tower.vocabulary()));
        }
        return tokenizer;
    }

    /** CLIP folders carry their own vocabulary; a model's {@code clip} folder may leave it to the model's tokenizer. */
    private Path clipTokenizerFolder(Path clipFolder) {
        return Files.exists(clipFolder.resolve("vocab.json")) ? clipFolder : directory.resolve("tokenizer");
    }

    private void checkFit() {
        var config = unet.config();
        if (config.textWidth() != textEncoder.width()) {
            throw new ModelLoadException(
                    directory,
                    "unet/config.json has cross_attention_dim %d but the text encoder's width is %d"
                            .formatted(config.textWidth(), textEncoder.width()));
        }
        if (config.inChannels() != vae.description().latentChannels() || config.outChannels() != config.inChannels()) {
            throw new ModelLoadException(
                    directory,
                    ("unet/config.json has %d channels in and %d out but the VAE has %d latent channels; models for"
                                    + " inpainting and the like are not supported")
                            .formatted(
                                    config.inChannels(),
                                    config.outChannels(),
                                    vae.description().latentChannels()));
        }
    }

    TensorRuntime runtime() {
        return runtime;
    }

    NoiseSchedule schedule() {
        return scheduler.schedule();
    }

    /** The scheduler that the model's authors chose. */
    NoiseScheduler ownScheduler() {
        return scheduler.scheduler();
    }

    ClipTokenizer tokenizer() {
        return tokenizer;
    }

    ClipTextTower textEncoder() {
        return textEncoder;
    }

    Unet unet() {
        return unet;
    }

    Autoencoder vae() {
        return vae;
    }

    /** The small decoder for refinement. */
    Optional<Autoencoder> smallDecoder() {
        return Optional.ofNullable(smallDecoder);
    }

    Optional<ClipModel> clip() {
        return Optional.ofNullable(clip);
    }

    Optional<ClipTokenizer> clipTokenizer() {
        return Optional.ofNullable(clipTokenizer);
    }

    Fingerprint fingerprint() {
        return fingerprint;
    }

    /** Sizes of pictures, in pixels, that all levels of the UNet can halve. */
    Frame.ModelSize size() {
        int scale = vae.description().scale();
        return new Frame.ModelSize(
                unet.config().sampleSize() * scale, scale << (unet.config().levels() - 1));
    }

    /** Frees all parts, the last loaded first. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.warn("a part of the model could not be freed", e);
            }
        }
    }
}
