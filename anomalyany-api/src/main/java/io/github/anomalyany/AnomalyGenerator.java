// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.spi.AnomalyGeneratorProvider;
import io.github.anomalyany.spi.EngineOptions;
import io.github.anomalyany.spi.GeneratorConfig;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes anomalies: from a picture of a good part and a sentence to a picture of a damaged one and its mask.
 *
 * <pre>{@code
 * try (var generator = AnomalyGenerator.builder().modelDirectory(directory).build()) {
 *     var made = generator.generate(image, "a hazelnut with a deep crack");
 *     made.write(Path.of("cracked.png"));
 * }
 * }</pre>
 *
 * <p>A generator holds a loaded model: build one and keep it. Any thread may call it; two calls at once give the same
 * bytes as one after the other. Equal requests give equal bytes on one machine.
 */
public interface AnomalyGenerator extends AutoCloseable {
    /**
     * Makes the pictures of a request.
     *
     * @param request what to make
     * @param control how to follow and stop the run
     * @return accepted and rejected pictures
     * @throws IllegalArgumentException if the request doesn't fit the model; nothing has been computed then
     * @throws IllegalStateException if this generator is closed
     * @throws GenerationCancelledException if the run was cancelled
     * @throws GenerationException if the engine or a strategy failed
     */
    GenerationResult generate(GenerationRequest request, RunControl control);

    /** Frees the model. Waits for a running step, never throws, does nothing the second time. */
    @Override
    void close();

    /**
     * Makes the pictures of a request.
     *
     * @param request what to make
     * @return accepted and rejected pictures
     * @throws IllegalArgumentException if the request doesn't fit the model; nothing has been computed then
     * @throws IllegalStateException if this generator is closed
     * @throws GenerationException if the engine or a strategy failed
     */
    default GenerationResult generate(GenerationRequest request) {
        return generate(request, RunControl.none());
    }

    /**
     * Makes one picture. The defect is the first word of the prompt that the defect catalogue knows.
     *
     * @param normal a good part, any size
     * @param prompt what the damaged part looks like, as {@code "a hazelnut with a deep crack"}
     * @return the picture with mask and verdict
     * @throws IllegalArgumentException if the prompt names no known defect (the message lists its words), or doesn't
     *     fit the model
     * @throws IllegalStateException if this generator is closed
     * @throws GenerationException if the engine failed
     */
    default GeneratedAnomaly generate(RgbImage normal, String prompt) {
        var result = generate(
                GenerationRequest.builder().normal(normal).anomaly(prompt).build());
        return result.accepted().isEmpty()
                ? result.rejected().get(0)
                : result.accepted().get(0);
    }

    /**
     * Makes one picture, as {@link #generate(RgbImage, String)} does.
     *
     * @param normal a good part, any size; converted as {@link RgbImage#copyOf(BufferedImage)} says
     * @param prompt what the damaged part looks like
     * @return the picture with mask and verdict
     * @throws IllegalArgumentException if the prompt names no known defect, or doesn't fit the model
     * @throws IllegalStateException if this generator is closed
     * @throws GenerationException if the engine failed
     */
    default GeneratedAnomaly generate(BufferedImage normal, String prompt) {
        return generate(RgbImage.copyOf(normal), prompt);
    }

    /**
     * Starts building a generator.
     *
     * @return a builder with the defaults
     */
    static Builder builder() {
        return new Builder();
    }

    /** Collects what a generator needs. Not safe for use by several threads at once. */
    final class Builder {
        private @Nullable Path modelDirectory;
        private @Nullable Path clipDirectory;
        private Device device = Device.auto();
        private @Nullable Path refinementDecoderDirectory;
        private @Nullable GenerationSettings settings;
        private @Nullable EngineOptions engineOptions;

        private Builder() {}

        /**
         * Sets where the model is. Required.
         *
         * @param directory a folder in the diffusers layout with safetensors weights
         * @return this builder
         */
        public Builder modelDirectory(Path directory) {
            this.modelDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets where the CLIP model for refinement is. Default: the folder {@code clip} in the model's folder if there
         * is one; without a CLIP model, settings that refine are refused.
         *
         * @param directory a folder in the Hugging Face CLIP layout with safetensors weights
         * @return this builder
         */
        public Builder clipDirectory(Path directory) {
            this.clipDirectory = Objects.requireNonNull(directory, "directory");
            return this;
        }

        /**
         * Sets where the small decoder for refinement is. Default: the folder {@code taesd} in the model's folder if there is
         * one.
         *
         * @param directory an AutoencoderTiny with safetensors weights, for the model's latents
         * @return this builder
         */
        public Builder refinementDecoderDirectory(Path directory) {
            this.refinementDecoderDirectory = Objects.requireNonNull(directory, "directory");
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
         * Sets how to generate when a request doesn't say. Default: {@link GenerationSettings#anomalyAny()}, without its
         * refinement where there is no CLIP model.
         *
         * @param settings the settings
         * @return this builder
         */
        public Builder settings(GenerationSettings settings) {
            this.settings = Objects.requireNonNull(settings, "settings");
            return this;
        }

        /**
         * Sets what only one engine knows, as memory policies. Default: the engine's own defaults.
         *
         * @param options options of the engine on the class path
         * @return this builder
         */
        public Builder engineOptions(EngineOptions options) {
            this.engineOptions = Objects.requireNonNull(options, "options");
            return this;
        }

        /**
         * Loads the model.
         *
         * @return a generator, to be closed by the caller
         * @throws IllegalStateException if no model directory was set
         * @throws ProviderNotFoundException if no generator, or more than one, is on the class path
         * @throws EngineUnavailableException if the engine or the device isn't there
         * @throws ModelLoadException if the directory doesn't hold a model that can be used
         */
        public AnomalyGenerator build() {
            if (modelDirectory == null) {
                throw new IllegalStateException("modelDirectory is required");
            }
            return AnomalyGeneratorProvider.find()
                    .create(new GeneratorConfig(
                            modelDirectory,
                            Optional.ofNullable(clipDirectory),
                            Optional.ofNullable(refinementDecoderDirectory),
                            device,
                            Optional.ofNullable(settings),
                            Optional.ofNullable(engineOptions)));
        }
    }
}
