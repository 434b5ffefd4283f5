// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.spi.AnomalyGeneratorProvider;
import io.github.anomalyany.spi.EngineOptions;
import io.github.anomalyany.spi.GeneratorConfig;

/** Finds this engine for {@link AnomalyGenerator#builder()}. */
public final class StableDiffusionProvider implements AnomalyGeneratorProvider {
    /** For the service loader. */
    public StableDiffusionProvider() {}

    @Override
    public String name() {
        return "stable-diffusion";
    }

    @Override
    public AnomalyGenerator create(GeneratorConfig config) {
        StableDiffusionOptions options = options(config);
        var model = DiffusionModel.load(config.modelDirectory(), config.clipDirectory(), config.device());
        return new StableDiffusionGenerator(model, config.settings(), options);
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
