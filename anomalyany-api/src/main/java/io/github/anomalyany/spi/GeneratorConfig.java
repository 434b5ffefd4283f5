// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.spi;

import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What a generator is built from.
 *
 * @param modelDirectory the diffusion model, diffusers layout
 * @param clipDirectory the CLIP model for refinement, if the caller named one
 * @param refinementDecoderDirectory the AutoencoderTiny for refinement, if the caller named one
 * @param device where to run
 * @param settings how to generate when a request doesn't say; empty for the best that the models at hand allow
 * @param engineOptions options of the engine, if the caller gave any
 */
public record GeneratorConfig(
        Path modelDirectory,
        Optional<Path> clipDirectory,
        Optional<Path> refinementDecoderDirectory,
        Device device,
        Optional<GenerationSettings> settings,
        Optional<EngineOptions> engineOptions) {
    /**
     * Checks for nulls.
     *
     * @param modelDirectory the diffusion model, diffusers layout
     * @param clipDirectory the CLIP model for refinement, if the caller named one
     * @param refinementDecoderDirectory the AutoencoderTiny for refinement, if the caller named one
     * @param device where to run
     * @param settings how to generate when a request doesn't say; empty for the best that the models at hand allow
     * @param engineOptions options of the engine, if the caller gave any
     */
    public GeneratorConfig {
        Objects.requireNonNull(modelDirectory, "modelDirectory");
        Objects.requireNonNull(clipDirectory, "clipDirectory");
        Objects.requireNonNull(refinementDecoderDirectory, "refinementDecoderDirectory");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(settings, "settings");
        Objects.requireNonNull(engineOptions, "engineOptions");
    }
}
