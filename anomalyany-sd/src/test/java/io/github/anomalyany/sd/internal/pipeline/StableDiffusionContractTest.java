// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.testing.AnomalyGeneratorContract;
import io.github.anomalyany.tiny.TinyModels;

/** The contract of generators, on Stable Diffusion with the built-in model. */
class StableDiffusionContractTest extends AnomalyGeneratorContract {
    @Override
    protected AnomalyGenerator open() {
        return TinyModels.generator().build();
    }

    @Override
    protected GenerationRequest.Builder request() {
        return super.request()
                .settings(GenerationSettings.builder()
                        .steps(8)
                        .strength(0.5)
                        .withoutClipRefinement()
                        .build());
    }
}
