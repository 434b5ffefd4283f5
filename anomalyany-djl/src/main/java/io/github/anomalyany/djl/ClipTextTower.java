// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.Tape.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's text tower: the text encoder of Stable Diffusion, or the text half of a CLIP model. Any thread; every call frees
 * what it made.
 */
public final class ClipTextTower implements AutoCloseable {
    private static final String PREFIX = "text_model.";
    /** Configs written before this id was recorded carry 2 in its place. */
    static final int UNRECORDED_END = 2;

    /** What the config says. */
    record Layout(ClipTower.Shape shape, int vocabulary, int positions, int endToken, int projection) {
        static Layout read(ModelConfig config, int projection) {
            return new Layout(
                    ClipTower.Shape.read(config, 512, 12, 8, 2048),
                    config.integer("vocab_size", 49408, 1, 10_000_000),
                    config.integer("max_position_embeddings", 77, 3, 65536),
                    config.integer("eos_token_id", 49407, 0, 10_000_000),
                    projection);
        }

        Layout withActivation(Optional<Boolean> quickGelu) {
            return new Layout(shape.withActivation(quickGelu), vocabulary, positions, endToken, projection);
        }
    }

    /** The layers. */
    private static final class Network {
        private final BlockWeights embeddings;
        private final ClipTower tower;
        private final BlockWeights finalNorm;
        private final @Nullable BlockWeights projection;

        private Network(Layout layout, Parameters parameters) {
            int width = layout.shape.width();
            embeddings = parameters
                    .at(PREFIX + "embeddings.")
                    .tensor("token_embedding.weight", layout.vocabulary, width)
                    .tensor("position_embedding.weight", layout.positions, width)
                    .weights();
            tower = new ClipTower(parameters, PREFIX, layout.shape, true);
            finalNorm = parameters.at(PREFIX).norm("final_layer_norm", width).weights();
            projection = layout.projection == 0
                    ? null
                    : parameters
                            .at("")
                            .matrix("text_projection", width, layout.projection)
                            .weights();
        }
    }

    private final TensorRuntime runtime;
    private final Layout layout;
    private final Network network;
    private final @Nullable Weights weights;

    private ClipTextTower(TensorRuntime runtime, Layout layout, Network network, @Nullable Weights weights) {
        this.runtime = runtime;
        this.layout = layout;
        this.network = network;
        this.weights = weights;
    }

    /**
     * Loads the text encoder of a Stable Diffusion model.
     *
     * @param runtime where to
     * @param folder holds {@code config.json} and the weights
     * @return the tower, to be closed by the caller
     * @throws io.github.anomalyany.ModelLoadException if the folder doesn't hold one
     */
    public static ClipTextTower load(TensorRuntime runtime, Path folder) {
        var layout = layout(folder);
        // newer files of this tower alone leave the prefix out
        try (var index = TensorIndex.open(folder, name -> name.startsWith(PREFIX) ? name : PREFIX + name)) {
            index.require(architecture(layout), name -> name.endsWith("position_ids"), TensorIndex.ShapeMatch.EXACT);
            var weights = new Weights(runtime, index);
            return new ClipTextTower(runtime, layout, new Network(layout, weights), weights);
        }
    }

    /**
     * The tensors that a folder's config asks for.
     *
     * @param folder holds {@code config.json}
     * @return shapes by name
     * @throws io.github.anomalyany.ModelLoadException if the config isn't supported
     */
    public static Map<String, long[]> architecture(Path folder) {
        return architecture(layout(folder));
    }

    private static Map<String, long[]> architecture(Layout layout) {
        return Architecture.of(parameters -> new Network(layout, parameters));
    }

    private static Layout layout(Path folder) {
        var config = ModelConfig.read(folder.resolve("config.json"));
        config.text("model_type", "clip_text_model", "clip_text_model");
        var layout = Layout.read(config, 0);
        config.refuseUnknown(ClipTower.LIBRARY_KEYS);
        return layout;
    }

    /** Builds the text half of a CLIP model from weights that the model owns. */
    static ClipTextTower of(TensorRuntime runtime, Layout layout, Parameters parameters) {
        return new ClipTextTower(runtime, layout, new Network(layout, parameters), null);
    }

    /**
     * Width of the hidden states.
     *
     * @return 768 for Stable Diffusion 1.5
     */
    public int width() {
        return layout.shape.width();
    }

    /**
     * Length of the position table: the most tokens that a text may have.
     *
     * @return 77
     */
    public int positions() {
        return layout.positions;
    }

    /**
     * Number of tokens known.
     *
     * @return 49408 for CLIP
     */
    public int vocabulary() {
        return layout.vocabulary;
    }

    /**
     * Encodes texts.
     *
     * @param ids token ids of each text, all of one length up to {@link #positions()}
     * @return the pass, to be closed by the caller
     * @throws IllegalArgumentException if an id is outside the vocabulary, or the lengths differ or are too long
     */
    public Pass encode(List<long[]> ids) {
        return new Pass(ids);
    }

    /**
     * Encodes texts as Stable Diffusion wants them.
     *
     * @param ids token ids of each text
     * @return hidden states of the last layer after the final norm, [texts, positions, width]
     */
    public float[] lastHiddenStates(List<long[]> ids) {
        try (var pass = encode(ids)) {
            return pass.normed(layout.shape.layers());
        }
    }

    /** Gives memory back until the tower is used again, where its weights lie in a map of its own. */
    public void release() {
        if (weights != null) {
            weights.release();
        }
    }

    /** Frees the weights, if they are this tower's own. */
    @Override
    public void close() {
        if (weights != null) {
            weights.close();
        }
    }

    /** What the tower makes of some texts. Belongs to one thread. */
    public final class Pass implements AutoCloseable {
        private final TensorScope scope = runtime.scope();
        private final Tape tape = scope.tape(Tape.Memory.INFERENCE);
        private final List<Value> states;
        private final long[] ends;

        private Pass(List<long[]> ids) {
            try {
                int length = ids.get(0).length;
                var flat = new long[ids.size() * length];
                ends = new long[ids.size()];
                for (int text = 0; text < ids.size(); text++) {
                    check(ids.get(text), length);
                    System.arraycopy(ids.get(text), 0, flat, text * length, length);
                    ends[text] = end(ids.get(text));
                }
                PtNDArray tokens = scope.tensor(flat, ids.size(), length);
                Value embedded = tape.call("embed_text", tape.constant(tokens), network.embeddings);
                states = network.tower.hiddenStates(tape, embedded);
            } catch (RuntimeException | Error e) {
                scope.close();
                throw e;
            }
        }

        private void check(long[] ids, int length) {
            if (ids.length != length || length > layout.positions) {
                throw new IllegalArgumentException("texts must have one length of at most %d tokens but had %d and %d"
                        .formatted(layout.positions, length, ids.length));
            }
            for (long id : ids) {
                if (id < 0 || id >= layout.vocabulary) {
                    throw new IllegalArgumentException(
                            "token id must be in [0, %d) but was %d".formatted(layout.vocabulary, id));
                }
            }
        }

        /** The first end token; where the config doesn't tell it, the highest id. Without any, the first token. */
        private int end(long[] ids) {
            int at = 0;
            for (int i = 0; i < ids.length; i++) {
                if (layout.endToken == UNRECORDED_END) {
                    at = ids[i] > ids[at] ? i : at;
                } else if (ids[i] == layout.endToken) {
                    return i;
                }
            }
            return at;
        }

        /**
         * A hidden state.
         *
         * @param layer 0 for the embedding, i for the output of layer i
         * @return [texts, tokens, width]
         */
        public float[] hidden(int layer) {
            return states.get(layer).toArray();
        }

        /**
         * A hidden state after the final norm.
         *
         * @param layer 0 for the embedding, i for the output of layer i
         * @return [texts, tokens, width]
         */
        public float[] normed(int layer) {
            return norm(layer).toArray();
        }

        private Value norm(int layer) {
            return tape.call("layer_norm", states.get(layer).again(), network.finalNorm, layout.shape.epsilon());
        }

        /**
         * The end token's row of the last hidden state after the final norm.
         *
         * @return [texts, width]
         */
        public float[] pooled() {
            return pool().toArray();
        }

        private Value pool() {
            Value at = tape.constant(scope.tensor(ends, ends.length));
            return tape.call("pick_rows", norm(layout.shape.layers()), at);
        }

        /**
         * The pooled rows, projected to the space that texts and pictures share; not normalised.
         *
         * @return [texts, projection]
         * @throws IllegalStateException if this tower has no projection
         */
        public float[] embeddings() {
            if (network.projection == null) {
                throw new IllegalStateException("this text encoder has no projection: it isn't part of a CLIP model");
            }
            return tape.call("project", pool(), network.projection).toArray();
        }

        /** Frees everything that the pass made. */
        @Override
        public void close() {
            scope.close();
        }
    }
}
