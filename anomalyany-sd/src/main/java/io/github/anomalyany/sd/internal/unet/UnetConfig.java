// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import io.github.anomalyany.djl.ModelConfig;
import java.nio.file.Path;
import java.util.List;

/**
 * The architecture of a UNet2DConditionModel, as its {@code config.json} describes it. Absent keys take diffusers' defaults;
 * an option that isn't supported is refused by name.
 *
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param channels channels of each level, finest first
 * @param downAttention whether each level on the way down has cross-attention
 * @param upAttention whether each block on the way up, coarsest first, has cross-attention
 * @param layers ResNets of a level on the way down; one more on the way up
 * @param heads attention heads of each level
 * @param depth transformer blocks of each attention
 * @param textWidth width of the text embeddings
 * @param normGroups groups of the group norms
 * @param normEpsilon epsilon of the ResNets' group norms
 * @param linearProjection whether tokens are projected by linear layers instead of 1×1 convolutions
 * @param cosineFirst whether the timestep's cosines come before its sines
 * @param frequencyShift shift of the timestep's frequencies
 * @param sampleSize native side of the latents
 */
public record UnetConfig(
        int inChannels,
        int outChannels,
        List<Integer> channels,
        List<Boolean> downAttention,
        List<Boolean> upAttention,
        int layers,
        List<Integer> heads,
        List<Integer> depth,
        int textWidth,
        int normGroups,
        double normEpsilon,
        boolean linearProjection,
        boolean cosineFirst,
        double frequencyShift,
        int sampleSize) {
    private static final String DOWN = "DownBlock2D";
    private static final String CROSS_DOWN = "CrossAttnDownBlock2D";
    private static final String UP = "UpBlock2D";
    private static final String CROSS_UP = "CrossAttnUpBlock2D";

    /**
     * Reads a config.
     *
     * @param file {@code unet/config.json}
     * @return the architecture
     * @throws io.github.anomalyany.ModelLoadException if the file is no config, or describes what isn't supported
     */
    public static UnetConfig read(Path file) {
        var config = ModelConfig.read(file);
        config.refuseUnlessDefault("_class_name", "UNet2DConditionModel");
        refuseUnsupported(config);
        var channels = config.has("block_out_channels")
                ? config.integers("block_out_channels", 1, 8, 1, 8192)
                : List.of(320, 640, 1280, 1280);
        int levels = channels.size();
        var down = kinds(
                config,
                "down_block_types",
                levels,
                List.of(CROSS_DOWN, CROSS_DOWN, CROSS_DOWN, DOWN),
                CROSS_DOWN,
                DOWN);
        var up = kinds(config, "up_block_types", levels, List.of(UP, CROSS_UP, CROSS_UP, CROSS_UP), CROSS_UP, UP);
        int inChannels = config.integer("in_channels", 4, 1, 256);
        var unet = new UnetConfig(
                inChannels,
                config.integer("out_channels", 4, 1, 256),
                channels,
                down,
                up,
                config.integer("layers_per_block", 2, 1, 16),
                // diffusers calls the number of heads by this name, and so do the files
                config.integersPerLevel("attention_head_dim", levels, 8, 1, 1024),
                config.integersPerLevel("transformer_layers_per_block", levels, 1, 1, 32),
                config.integer("cross_attention_dim", 1280, 1, 16384),
                config.integer("norm_num_groups", 32, 1, 1024),
                config.number("norm_eps", 1e-5, 0, 1),
                config.flag("use_linear_projection", false),
                config.flag("flip_sin_to_cos", true),
                config.number("freq_shift", 0, -1, 1),
                config.integer("sample_size", 64, 1, 4096));
        // everything is computed in single precision, so there is nothing to upcast
        config.refuseUnknown("upcast_attention");
        unet.checkDivisibility(config);
        return unet;
    }

    private static void refuseUnsupported(ModelConfig config) {
        config.refuseUnlessDefault("act_fn", "silu", "swish");
        config.refuseUnlessDefault("attention_type", "default");
        config.refuseUnlessDefault("center_input_sample", false);
        config.refuseUnlessDefault("class_embeddings_concat", false);
        config.refuseUnlessDefault("conv_in_kernel", 3);
        config.refuseUnlessDefault("conv_out_kernel", 3);
        config.refuseUnlessDefault("downsample_padding", 1);
        config.refuseUnlessDefault("dropout", 0);
        config.refuseUnlessDefault("dual_cross_attention", false);
        config.refuseUnlessDefault("mid_block_only_cross_attention", false);
        config.refuseUnlessDefault("mid_block_scale_factor", 1);
        config.refuseUnlessDefault("mid_block_type", "UNetMidBlock2DCrossAttn");
        config.refuseUnlessDefault("only_cross_attention", false);
        config.refuseUnlessDefault("resnet_out_scale_factor", 1);
        config.refuseUnlessDefault("resnet_skip_time_act", false);
        config.refuseUnlessDefault("resnet_time_scale_shift", "default");
        config.refuseUnlessDefault("time_embedding_type", "positional");
        for (String absent : List.of(
                "addition_embed_type",
                "class_embed_type",
                "cross_attention_norm",
                "encoder_hid_dim",
                "encoder_hid_dim_type",
                "num_attention_heads",
                "num_class_embeds",
                "projection_class_embeddings_input_dim",
                "reverse_transformer_layers_per_block",
                "time_cond_proj_dim",
                "time_embedding_act_fn",
                "time_embedding_dim",
                "timestep_post_act")) {
            config.refuseUnlessDefault(absent);
        }
        // without an addition_embed_type these two mean nothing
        config.refuseUnlessDefault("addition_embed_type_num_heads", 64);
        config.integer("addition_time_embed_dim", 256, 1, 65536);
    }

    private static List<Boolean> kinds(
            ModelConfig config, String name, int levels, List<String> defaults, String attention, String plain) {
        var kinds = config.has(name) ? config.texts(name, levels, levels, attention, plain) : defaults;
        if (kinds.size() != levels) {
            throw config.problem(name, "block_out_channels has " + levels + " levels, so it must have as many");
        }
        return kinds.stream().map(attention::equals).toList();
    }

    private void checkDivisibility(ModelConfig config) {
        for (int level = 0; level < channels.size(); level++) {
            int c = channels.get(level);
            if (c % normGroups != 0) {
                throw config.problem("block_out_channels", c + " is not divisible by norm_num_groups " + normGroups);
            }
            if (c % heads.get(level) != 0) {
                throw config.problem(
                        "attention_head_dim", "(heads) " + heads.get(level) + " does not divide " + c + " channels");
            }
        }
        if (channels.get(0) % 2 != 0) {
            throw config.problem("block_out_channels", "the first must be even");
        }
        if (!downAttention.contains(true) || !upAttention.contains(true)) {
            throw config.problem("down_block_types", "no level has cross-attention: text would have no effect");
        }
    }

    /**
     * Number of levels.
     *
     * @return at least 1
     */
    public int levels() {
        return channels.size();
    }

    /**
     * The coarsest level whose down block has cross-attention: that whose attention is read (Attend-and-Excite).
     *
     * @return a level, 0 is the finest
     */
    public int tappedLevel() {
        return downAttention.lastIndexOf(true);
    }
}
