// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.nio.file.Path;

/** A CLIP model in the Hugging Face layout: both towers and their projections. Any thread. */
public final class ClipModel implements AutoCloseable {
    private final Weights weights;
    private final ClipTextTower text;
    private final ClipVisionTower vision;
    private final BlockWeights logitScale;
    private final TensorRuntime runtime;

    private ClipModel(TensorRuntime runtime, ModelConfig config, Weights weights) {
        this.runtime = runtime;
        this.weights = weights;
        var parts = new Parts(runtime, config, weights);
        text = parts.text;
        vision = parts.vision;
        logitScale = parts.logitScale;
    }

    /** Towers and scale, described or loaded. */
    private static final class Parts {
        private final ClipTextTower text;
        private final ClipVisionTower vision;
        private final BlockWeights logitScale;

        private Parts(TensorRuntime runtime, ModelConfig config, Parameters parameters) {
            int projection = config.integer("projection_dim", 512, 1, 16384);
            var textConfig = group(config, "text_config");
            var visionConfig = group(config, "vision_config");
            text = ClipTextTower.of(runtime, textConfig, projection, parameters);
            vision = ClipVisionTower.of(runtime, visionConfig, projection, parameters);
            logitScale = parameters.at("").tensor("logit_scale").weights();
            textConfig.refuseUnknown(ClipTower.LIBRARY_KEYS);
            visionConfig.refuseUnknown(ClipTower.LIBRARY_KEYS);
        }

        private static ModelConfig group(ModelConfig config, String name) {
            return config.group(name).orElseThrow(() -> config.problem(name, "is required"));
        }
    }

    /**
     * Loads a model.
     *
     * @param runtime where to
     * @param folder holds {@code config.json} and the weights
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if the folder doesn't hold one
     */
    public static ClipModel load(TensorRuntime runtime, Path folder) {
        var config = ModelConfig.read(folder.resolve("config.json"));
        config.text("model_type", "clip", "clip");
        try (var index = TensorIndex.open(folder)) {
            var wanted = Architecture.of(parameters -> new Parts(runtime, config, parameters));
            index.require(wanted, name -> name.endsWith("position_ids"), TensorIndex.ShapeMatch.EXACT);
            return new ClipModel(runtime, config, new Weights(runtime, index));
        }
    }

    /**
     * The text half.
     *
     * @return owned by this model
     */
    public ClipTextTower text() {
        return text;
    }

    /**
     * The vision half.
     *
     * @return owned by this model
     */
    public ClipVisionTower vision() {
        return vision;
    }

    /**
     * The factor of cosines in logits.
     *
     * @return exp(logit_scale), 100 for trained models
     */
    public double logitScale() {
        try (var scope = runtime.scope();
                var scale = scope.call("first", logitScale)) {
            return Math.exp(scale.toFloatArray()[0]);
        }
    }

    /** Frees the weights. */
    @Override
    public void close() {
        weights.close();
    }
}
