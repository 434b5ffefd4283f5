// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.nio.file.Path;

/** A CLIP model in the layout of Hugging Face or of open_clip: both towers and their projections. Any thread. */
public final class ClipModel implements AutoCloseable {
    private final Weights weights;
    private final ClipTextTower text;
    private final ClipVisionTower vision;
    private final BlockWeights logitScale;
    private final TensorRuntime runtime;

    private ClipModel(TensorRuntime runtime, Layout layout, Weights weights) {
        this.runtime = runtime;
        this.weights = weights;
        var parts = new Parts(runtime, layout, weights);
        text = parts.text;
        vision = parts.vision;
        logitScale = parts.logitScale;
    }

    /** Sizes of both towers. */
    private record Layout(ClipTextTower.Layout text, ClipVisionTower.Layout vision) {
        static Layout read(Path folder, ClipVariant variant) {
            var config = ModelConfig.read(folder.resolve("config.json"));
            config.text("model_type", "clip", "clip");
            int projection = config.integer("projection_dim", 512, 1, 16384);
            var textConfig = group(config, "text_config");
            var visionConfig = group(config, "vision_config");
            var text = ClipTextTower.Layout.read(textConfig, projection).withActivation(variant.quickGelu());
            var vision = ClipVisionTower.Layout.read(visionConfig, projection).withActivation(variant.quickGelu());
            textConfig.refuseUnknown(ClipTower.LIBRARY_KEYS);
            visionConfig.refuseUnknown(ClipTower.LIBRARY_KEYS);
            return new Layout(text, vision);
        }

        private static ModelConfig group(ModelConfig config, String name) {
            return config.group(name).orElseThrow(() -> config.problem(name, "is required"));
        }
    }

    /** Towers and scale, described or loaded. */
    private static final class Parts {
        private final ClipTextTower text;
        private final ClipVisionTower vision;
        private final BlockWeights logitScale;

        private Parts(TensorRuntime runtime, Layout layout, Parameters parameters) {
            text = ClipTextTower.of(runtime, layout.text, parameters);
            vision = new ClipVisionTower(runtime, layout.vision, parameters);
            logitScale = parameters.at("").tensor("logit_scale").weights();
        }
    }

    /**
     * Loads a model as its config describes it.
     *
     * @param runtime where to
     * @param folder holds {@code config.json} and the weights
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if the folder doesn't hold one
     */
    public static ClipModel load(TensorRuntime runtime, Path folder) {
        return load(runtime, folder, ClipVariant.asConfigured());
    }

    /**
     * Loads a model in the layout of Hugging Face or of open_clip, which the tensors' names tell.
     *
     * @param runtime where to
     * @param folder holds the weights, and {@code config.json} in the layout of Hugging Face
     * @param variant what the files don't tell
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if the folder doesn't hold one
     */
    public static ClipModel load(TensorRuntime runtime, Path folder, ClipVariant variant) {
        try (var stored = TensorIndex.open(folder)) {
            boolean openClip = OpenClipLayout.matches(stored);
            var names = new OpenClipLayout(stored, variant);
            var index = openClip ? names.renamed() : stored;
            var layout = openClip ? new Layout(names.text(), names.vision()) : Layout.read(folder, variant);
            var wanted = Architecture.of(parameters -> new Parts(runtime, layout, parameters));
            index.require(
                    wanted,
                    name -> name.endsWith("position_ids") || name.equals("attn_mask"),
                    TensorIndex.ShapeMatch.EXACT);
            return new ClipModel(runtime, layout, new Weights(runtime, index));
        }
    }

    /**
     * Whether a folder holds a model in the layout of open_clip.
     *
     * @param folder holds the weights
     * @return true for open_clip's names of tensors
     * @throws ModelLoadException if there are no weights
     */
    public static boolean isOpenClip(Path folder) {
        try (var stored = TensorIndex.open(folder)) {
            return OpenClipLayout.matches(stored);
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
