// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.djl.Tape.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The transformer that CLIP's two towers have in common. Immutable; any thread. */
final class ClipTower {
    /**
     * What a config says of a tower.
     *
     * @param width width of the hidden states
     * @param layers transformer layers
     * @param heads attention heads
     * @param feedForward width of the feed-forward layers
     * @param quickGelu whether the activation is x·σ(1.702x) instead of GELU
     * @param epsilon epsilon of the layer norms
     */
    record Shape(int width, int layers, int heads, int feedForward, boolean quickGelu, double epsilon) {
        static Shape read(ModelConfig config, int width, int layers, int heads, int feedForward) {
            var shape = new Shape(
                    config.integer("hidden_size", width, 1, 16384),
                    config.integer("num_hidden_layers", layers, 1, 256),
                    config.integer("num_attention_heads", heads, 1, 1024),
                    config.integer("intermediate_size", feedForward, 1, 65536),
                    config.text("hidden_act", "quick_gelu", "quick_gelu", "gelu")
                            .equals("quick_gelu"),
                    config.number("layer_norm_eps", 1e-5, 0, 1));
            if (shape.width % shape.heads != 0) {
                throw config.problem("num_attention_heads", "must divide the hidden_size " + shape.width);
            }
            return shape;
        }

        Shape withActivation(Optional<Boolean> quickGelu) {
            return new Shape(width, layers, heads, feedForward, quickGelu.orElse(this.quickGelu), epsilon);
        }
    }

    private final Shape shape;
    private final boolean causal;
    private final List<BlockWeights> layers = new ArrayList<>();

    ClipTower(Parameters parameters, String prefix, Shape shape, boolean causal) {
        this.shape = shape;
        this.causal = causal;
        int width = shape.width;
        for (int i = 0; i < shape.layers; i++) {
            layers.add(parameters
                    .at(prefix + "encoder.layers." + i + ".")
                    .norm("layer_norm1", width)
                    .linear("self_attn.q_proj", width, width)
                    .linear("self_attn.k_proj", width, width)
                    .linear("self_attn.v_proj", width, width)
                    .linear("self_attn.out_proj", width, width)
                    .norm("layer_norm2", width)
                    .linear("mlp.fc1", width, shape.feedForward)
                    .linear("mlp.fc2", shape.feedForward, width)
                    .weights());
        }
    }

    /** All hidden states: the embedding, then the output of each layer. Each has one use left. */
    List<Value> hiddenStates(Tape tape, Value embedded) {
        var states = new ArrayList<Value>();
        states.add(embedded);
        for (BlockWeights layer : layers) {
            Value before = states.get(states.size() - 1);
            states.add(tape.call(
                    "clip_layer", before.again(), layer, shape.heads, causal, shape.quickGelu, shape.epsilon));
        }
        return states;
    }

    /** What every configuration of the Hugging Face library may carry and what says nothing of the network. */
    static final String[] LIBRARY_KEYS = {
        "add_cross_attention",
        "architectures",
        "attention_dropout",
        "bad_words_ids",
        "begin_suppress_tokens",
        "bos_token_id",
        "chunk_size_feed_forward",
        "cross_attention_hidden_size",
        "decoder_start_token_id",
        "diversity_penalty",
        "do_sample",
        "dropout",
        "dtype",
        "early_stopping",
        "encoder_no_repeat_ngram_size",
        "eos_token_id",
        "exponential_decay_length_penalty",
        "finetuning_task",
        "forced_bos_token_id",
        "forced_eos_token_id",
        "gradient_checkpointing",
        "id2label",
        "initializer_factor",
        "initializer_range",
        "is_decoder",
        "is_encoder_decoder",
        "label2id",
        "length_penalty",
        "max_length",
        "min_length",
        "model_type",
        "no_repeat_ngram_size",
        "num_beam_groups",
        "num_beams",
        "num_return_sequences",
        "output_attentions",
        "output_hidden_states",
        "output_scores",
        "pad_token_id",
        "prefix",
        "problem_type",
        "projection_dim",
        "pruned_heads",
        "remove_invalid_values",
        "repetition_penalty",
        "return_dict",
        "return_dict_in_generate",
        "sep_token_id",
        "suppress_tokens",
        "task_specific_params",
        "temperature",
        "tf_legacy_loss",
        "tie_encoder_decoder",
        "tie_word_embeddings",
        "tokenizer_class",
        "top_k",
        "top_p",
        "torch_dtype",
        "torchscript",
        "transformers_version",
        "typical_p",
        "use_bfloat16",
    };
}
