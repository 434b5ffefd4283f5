// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.Tape.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** CLIP's vision tower. Any thread; every call frees what it made. */
public final class ClipVisionTower {
    private static final String PREFIX = "vision_model.";

    /** How the position table is resampled for pictures of another size than the native one. */
    public enum PositionResampling {
        /** Bicubic, a = −0.75, as the Hugging Face library does. */
        PLAIN,
        /** Bicubic with anti-aliasing, a = −0.5, as open_clip does. */
        ANTIALIASED
    }

    /**
     * What a config says.
     *
     * @param shape the transformer
     * @param imageSize native side of the pictures
     * @param patchSize side of a patch
     * @param projection width of the space that texts and pictures share
     */
    record Layout(ClipTower.Shape shape, int imageSize, int patchSize, int projection) {
        static Layout read(ModelConfig config, int projection) {
            var layout = new Layout(
                    ClipTower.Shape.read(config, 768, 12, 12, 3072),
                    config.integer("image_size", 224, 1, 8192),
                    config.integer("patch_size", 32, 1, 1024),
                    projection);
            config.refuseUnlessDefault("num_channels", 3);
            if (layout.imageSize < layout.patchSize) {
                throw config.problem("image_size", "must be at least the patch_size " + layout.patchSize);
            }
            return layout;
        }

        Layout withActivation(Optional<Boolean> quickGelu) {
            return new Layout(shape.withActivation(quickGelu), imageSize, patchSize, projection);
        }
    }

    private final TensorRuntime runtime;
    private final ClipTower.Shape shape;
    private final Layout layout;
    private final int patchSize;
    private final BlockWeights embeddings;
    private final ClipTower tower;
    private final BlockWeights postNorm;
    private final BlockWeights projection;

    ClipVisionTower(TensorRuntime runtime, Layout layout, Parameters parameters) {
        this.runtime = runtime;
        this.layout = layout;
        shape = layout.shape;
        patchSize = layout.patchSize;
        int width = shape.width();
        long grid = layout.imageSize / patchSize;
        embeddings = parameters
                .at(PREFIX)
                .tensor("embeddings.class_embedding", width)
                .tensor("embeddings.patch_embedding.weight", width, 3, patchSize, patchSize)
                .tensor("embeddings.position_embedding.weight", grid * grid + 1, width)
                .norm("pre_layrnorm", width)
                .weights();
        tower = new ClipTower(parameters, PREFIX, shape, false);
        postNorm = parameters.at(PREFIX).norm("post_layernorm", width).weights();
        projection = parameters
                .at("")
                .matrix("visual_projection", width, layout.projection)
                .weights();
    }

    /**
     * Native side of the pictures.
     *
     * @return pixels, 224 for most
     */
    public int imageSize() {
        return layout.imageSize;
    }

    /**
     * Side of a patch.
     *
     * @return pixels
     */
    public int patchSize() {
        return patchSize;
    }

    /**
     * Number of layers.
     *
     * @return at least 1
     */
    public int layers() {
        return shape.layers();
    }

    /**
     * Width of the hidden states.
     *
     * @return 1024 for ViT-L
     */
    public int width() {
        return shape.width();
    }

    /**
     * Width of the space that texts and pictures share.
     *
     * @return 768 for ViT-L
     */
    public int projection() {
        return layout.projection;
    }

    /**
     * The matrix that takes the class token to the space that texts and pictures share.
     *
     * @return [projection, width]
     */
    public float[] projectionMatrix() {
        try (var scope = runtime.scope();
                var matrix = scope.call("first", projection)) {
            return matrix.toFloatArray();
        }
    }

    /**
     * Looks at pictures.
     *
     * @param pixels normalised, [batch, 3, height, width]
     * @param batch pictures
     * @param height rows, at least a patch; rows beyond a multiple of the patch are not seen
     * @param width columns, at least a patch; columns beyond a multiple of the patch are not seen
     * @param resampling how positions follow another size
     * @param memory what to keep for gradients
     * @return the pass, to be closed by the caller
     */
    public Pass look(
            float[] pixels, int batch, int height, int width, PositionResampling resampling, Tape.Memory memory) {
        if (height < patchSize || width < patchSize) {
            throw new IllegalArgumentException(
                    "height and width must be at least %d but were %d×%d".formatted(patchSize, width, height));
        }
        return new Pass(pixels, batch, height, width, resampling, memory);
    }

    /** What the tower sees in some pictures. Belongs to one thread. */
    public final class Pass implements AutoCloseable {
        private final TensorScope scope = runtime.scope();
        private final Tape tape;
        private final Value pixels;
        private final List<Value> states;
        private final Value embedded;
        private final boolean antialiased;

        private Pass(
                float[] data, int batch, int height, int width, PositionResampling resampling, Tape.Memory memory) {
            try {
                tape = scope.tape(memory);
                antialiased = resampling == PositionResampling.ANTIALIASED;
                pixels = tape.variable(scope.tensor(data, batch, 3, height, width));
                Value first = tape.call("embed_image", pixels, embeddings, patchSize, antialiased, shape.epsilon());
                states = tower.hiddenStates(tape, first);
                embedded = tape.call("project", pool(), projection);
            } catch (RuntimeException | Error e) {
                scope.close();
                throw e;
            }
        }

        private Value pool() {
            Value last = states.get(shape.layers()).again();
            return tape.call("layer_norm", tape.call("first_rows", last), postNorm, shape.epsilon());
        }

        /**
         * A hidden state.
         *
         * @param layer 0 for the embedding after its norm, i for the output of layer i, the last before the final norm
         * @return [batch, 1 + patches, width]
         */
        public float[] hidden(int layer) {
            return states.get(layer).toArray();
        }

        /**
         * The class token of the last layer after the final norm.
         *
         * @return [batch, width]
         */
        public float[] pooled() {
            return pool().toArray();
        }

        /**
         * The pooled rows, projected to the space that texts and pictures share; not normalised.
         *
         * @return [batch, projection]
         */
        public float[] embeddings() {
            return embedded.toArray();
        }

        /**
         * The patches of a layer after the final norm, projected to the space that texts and pictures share; not
         * normalised.
         *
         * @param layer 0 for the embedding after its norm, i for the output of layer i
         * @return [batch, patches, projection]
         */
        public float[] patches(int layer) {
            return projectedTokens(layer).toArray();
        }

        /**
         * The patches of a layer as they are.
         *
         * @param layer 0 for the embedding after its norm, i for the output of layer i
         * @return [batch, patches, width], on this pass's tape
         */
        public Value tokens(int layer) {
            return tape.call("later_rows", states.get(layer).again());
        }

        /**
         * The patches of a layer after the final norm, projected; see {@link #patches}.
         *
         * @param layer 0 for the embedding after its norm, i for the output of layer i
         * @return [batch, patches, projection], on this pass's tape
         */
        public Value projectedTokens(int layer) {
            Value normed = tape.call("layer_norm", tokens(layer), postNorm, shape.epsilon());
            return tape.call("project", normed, projection);
        }

        /**
         * Where further computations on the tokens go.
         *
         * @return this pass's tape
         */
        public Tape tape() {
            return tape;
        }

        /**
         * The position table at this pass's size.
         *
         * @return [1 + patches, width]
         */
        public float[] positions() {
            long rows = pixels.size(2) / patchSize;
            long columns = pixels.size(3) / patchSize;
            try (PtNDArray table = scope.call("table_at", embeddings, rows, columns, antialiased)) {
                return table.toFloatArray();
            }
        }

        /**
         * Takes the gradient of Σ embeddings·cotangent with respect to the pixels. Can be called once.
         *
         * @param cotangent [batch, projection]
         * @return [batch, 3, height, width]
         */
        public float[] gradient(float[] cotangent) {
            var incoming = scope.tensor(cotangent, embedded.size(0), embedded.size(1));
            return tape.gradients(Map.of(embedded, incoming), List.of(pixels))
                    .get(0)
                    .toFloatArray();
        }

        /** Frees everything that the pass made. */
        @Override
        public void close() {
            scope.close();
        }
    }
}
