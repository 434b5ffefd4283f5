// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.Device;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.internal.ClipVladDetector;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds anomalies in pictures (VLAD; CUT, arXiv 2406.01078v1, §4).
 *
 * <pre>{@code
 * try (var detector = VladDetector.builder().modelDirectory(clip).build()) {
 *     var bank = detector.index("bolt", goodPhotos);
 *     var found = detector.detect(photo, bank);
 *     System.out.println(found.score() + " " + found.decision().label());
 * }
 * }</pre>
 *
 * <p>A detector holds a loaded model: build one and keep it. Any thread may call it; calls run one after the other and give
 * the same scores as from one thread. Equal calls give equal scores on one machine.
 */
public interface VladDetector extends AutoCloseable {
    /**
     * Makes a bank of good pictures.
     *
     * @param category what they show; a detector says it to CLIP as {@link PromptEnsemble#spoken} does
     * @param normals good pictures, at least one
     * @param region the pixels that count, of the pictures' size; patches whose centre lies elsewhere stay out
     * @return the bank, without calibration
     * @throws IllegalArgumentException if there is no picture, the region has another size, is empty or holds no patch's
     *     centre, or the bank would be too large
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    ReferenceBank index(String category, List<RgbImage> normals, Optional<Mask> region);

    /**
     * Makes a bank of good pictures, of all their pixels.
     *
     * @param category what they show
     * @param normals good pictures, at least one
     * @return the bank, without calibration
     * @throws IllegalArgumentException if there is no picture, or the bank would be too large
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    default ReferenceBank index(String category, List<RgbImage> normals) {
        return index(category, normals, Optional.empty());
    }

    /**
     * What a bank will take, known before it is made.
     *
     * @param normals number of pictures, at least 1
     * @param width columns of a picture; matters with tiling only
     * @param height rows of a picture; matters with tiling only
     * @return at most so many bytes
     */
    long bankBytes(int normals, int width, int height);

    /**
     * Keeps a bank for {@link #detect(RgbImage, String)}, in place of another of its category.
     *
     * @param bank a bank that fits this detector
     * @throws IllegalArgumentException if it comes from another backbone, input side or adapter
     */
    void register(ReferenceBank bank);

    /**
     * Looks at pictures, together.
     *
     * @param images pictures of any size
     * @param category what they show
     * @param bank good pictures to compare with; empty for texts alone (zero-shot)
     * @param options what this call has otherwise
     * @return a detection for each picture
     * @throws IllegalArgumentException if the bank or the region don't fit
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    List<Detection> detect(List<RgbImage> images, String category, Optional<ReferenceBank> bank, DetectOptions options);

    /**
     * The bank that was registered for a category.
     *
     * @param category its name
     * @return the bank; empty if there is none
     */
    Optional<ReferenceBank> bank(String category);

    /**
     * The backbone, input side, tokens and adapter, in words; what banks of this detector carry.
     *
     * @return one line
     */
    String encoder();

    /**
     * What a feature adapter has to fit.
     *
     * @return stages and widths
     */
    FeatureAdapter.Shape adapterShape();

    /**
     * How many pictures {@link #detectAll} looks at together.
     *
     * @return at least 1
     */
    int batchSize();

    /** Frees the model. Waits for running calls, never throws, does nothing the second time. */
    @Override
    void close();

    /**
     * Looks at a picture.
     *
     * @param image a picture of any size
     * @param bank good pictures to compare with
     * @return what was found
     * @throws IllegalArgumentException if the bank doesn't fit this detector
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    default Detection detect(RgbImage image, ReferenceBank bank) {
        return detect(image, bank, DetectOptions.none());
    }

    /**
     * Looks at a picture.
     *
     * @param image a picture of any size
     * @param bank good pictures to compare with
     * @param options what this call has otherwise
     * @return what was found
     * @throws IllegalArgumentException if the bank or the region don't fit
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    default Detection detect(RgbImage image, ReferenceBank bank, DetectOptions options) {
        return detect(List.of(image), bank.category(), Optional.of(bank), options)
                .get(0);
    }

    /**
     * Looks at a picture with the bank that was registered for its category, or without references (zero-shot).
     *
     * @param image a picture of any size
     * @param category what it shows, as {@code "bolt"}; {@code "object"} if unknown
     * @return what was found
     * @throws IllegalStateException if this detector is closed
     * @throws DetectionException if the engine or a strategy failed
     */
    default Detection detect(RgbImage image, String category) {
        return detect(List.of(image), category, bank(category), DetectOptions.none())
                .get(0);
    }

    /**
     * Looks at many pictures, in batches, as the stream is read.
     *
     * @param images pictures of any size
     * @param bank good pictures to compare with
     * @return a detection for each picture, in order
     */
    default Stream<Detection> detectAll(Stream<RgbImage> images, ReferenceBank bank) {
        return Batches.of(images, batchSize())
                .flatMap(batch -> detect(batch, bank.category(), Optional.of(bank), DetectOptions.none()).stream());
    }

    /**
     * Looks at many pictures, in batches, as the stream is read.
     *
     * @param images pictures of any size
     * @param category what they show; its bank is used if one was registered
     * @return a detection for each picture, in order
     */
    default Stream<Detection> detectAll(Stream<RgbImage> images, String category) {
        return Batches.of(images, batchSize())
                .flatMap(batch -> detect(batch, category, bank(category), DetectOptions.none()).stream());
    }

    /**
     * Starts building a detector.
     *
     * @return a builder with the defaults
     */
    static Builder builder() {
        return new Builder();
    }

    /** Collects what a detector needs. Not safe for use by several threads at once. */
    final class Builder {
        private @Nullable Path modelDirectory;
        private @Nullable BackboneSpec backbone;
        private Device device = Device.auto();
        private @Nullable VladSettings settings;
        private @Nullable FeatureAdapter adapter;
        private final Map<String, Calibration> calibrations = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Sets where the CLIP model is. Required.
         *
         * @param directory a folder with safetensors weights in the layout of Hugging Face or of open_clip and the
         *     tokenizer's files, or one whose folder {@code clip} is such
         * @return this builder
         */
        public Builder modelDirectory(Path directory) {
            this.modelDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets what the model's files don't tell. Default: {@link BackboneSpec#builtIn()} for the built-in CLIP, {@link
         * BackboneSpec#openAi()} for others.
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
         * Sets how to look at pictures. Default: {@link VladSettings#sdk()}, and {@link VladSettings#builtIn()} for the built-in
         * CLIP.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder settings(VladSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets the adapters. Default: CLIP's own projection for every stage, untrained.
         *
         * @param adapter trained adapters, as {@link LinearAdapters#load} reads them, or one's own
         * @return this builder
         */
        public Builder adapter(FeatureAdapter adapter) {
            this.adapter = Objects.requireNonNull(adapter, "adapter");
            return this;
        }

        /**
         * Sets thresholds of a category that has no bank, or whose bank has none.
         *
         * @param category its name
         * @param calibration the thresholds
         * @return this builder
         */
        public Builder calibration(String category, Calibration calibration) {
            calibrations.put(
                    Objects.requireNonNull(category, "category"), Objects.requireNonNull(calibration, "calibration"));
            return this;
        }

        /**
         * Loads the model.
         *
         * @return a detector, to be closed by the caller
         * @throws IllegalStateException if no model directory was set
         * @throws IllegalArgumentException if the adapter was trained for another backbone or doesn't fit
         * @throws io.github.anomalyany.EngineUnavailableException if the engine or the device isn't there
         * @throws io.github.anomalyany.ModelLoadException if the directory doesn't hold a model that can be used
         */
        public VladDetector build() {
            if (modelDirectory == null) {
                throw new IllegalStateException("modelDirectory is required");
            }
            return ClipVladDetector.load(
                    modelDirectory,
                    Optional.ofNullable(backbone),
                    device,
                    Optional.ofNullable(settings),
                    Optional.ofNullable(adapter),
                    calibrations);
        }
    }
}
