// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.spi.AnomalyGeneratorProvider;
import io.github.anomalyany.spi.EngineOptions;
import io.github.anomalyany.spi.GeneratorConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds this engine for {@link AnomalyGenerator#builder()}. */
public final class StableDiffusionProvider implements AnomalyGeneratorProvider {
    private static final Logger log = LoggerFactory.getLogger(StableDiffusionProvider.class);

    /** For the service loader. */
    public StableDiffusionProvider() {}

    @Override
    public String name() {
        return "stable-diffusion";
    }

    @Override
    public AnomalyGenerator create(GeneratorConfig config) {
        StableDiffusionOptions options = options(config);
        var companions = new DiffusionModel.Companions(config.clipDirectory(), config.refinementDecoderDirectory());
        var model = DiffusionModel.load(config.modelDirectory(), companions, config.device());
        return new StableDiffusionGenerator(model, config.settings().orElseGet(() -> best(model)), options);
    }

    /** AnomalyAny, without its refinement where there is no CLIP model to look at the picture. */
    private static GenerationSettings best(DiffusionModel model) {
        if (model.clip().isPresent()) {
            return GenerationSettings.anomalyAny();
        }
        log.info("there is no CLIP model: the default settings leave prompt-guided refinement out");
        return GenerationSettings.anomalyAny().toBuilder()
                .withoutClipRefinement()
                .build();
    }

    private StableDiffusionOptions options(GeneratorConfig config) {
        EngineOptions given = config.engineOptions().orElse(StableDiffusionOptions.defaults());
        if (given instanceof StableDiffusionOptions options) {
            return options;
        }
        throw new IllegalArgumentException("engineOptions must be StableDiffusionOptions for the provider " + name()
                + " but were " + given.getClass().getName());
    }
}
