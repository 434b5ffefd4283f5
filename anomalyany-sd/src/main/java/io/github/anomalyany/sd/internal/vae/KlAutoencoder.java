// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.BlockWeights;
import io.github.anomalyany.djl.ModelConfig;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * AutoencoderKL: ResNets and samplers with one attention in the middle, the encoder's end giving a Gaussian. Architecture
 * as {@code config.json} describes it; an option that isn't supported is refused by name.
 */
final class KlAutoencoder implements Autoencoder.Network {
    /** All norms of this network have this epsilon, whatever the config says. */
    private static final double EPSILON = 1e-6;

    private static final Pattern OLD_ATTENTION =
            Pattern.compile("(.*attentions\\.\\d+\\.)(query|key|value|proj_attn)(\\.(?:weight|bias))");

    /** What the config says. */
    private record Layout(
            List<Integer> channels,
            int layers,
            int latentChannels,
            int groups,
            boolean middleAttention,
            boolean quantConv,
            boolean postQuantConv) {}

    private record Resnet(BlockWeights weights) {}

    private record Level(List<Resnet> resnets, @Nullable BlockWeights sampler) {}

    private record Middle(Resnet first, @Nullable BlockWeights attention, Resnet second) {}

    /** Encoder or decoder. */
    private record Half(BlockWeights in, List<Level> levels, Middle middle, BlockWeights out) {}

    private final Layout layout;
    private final Half encoder;
    private final @Nullable BlockWeights quant;
    private final @Nullable BlockWeights postQuant;
    private final Half decoder;

    private KlAutoencoder(Layout layout, Parameters parameters) {
        this.layout = layout;
        int latents = layout.latentChannels;
        encoder = encoder(parameters);
        quant = layout.quantConv ? pointwise(parameters, "quant_conv", 2 * latents) : null;
        postQuant = layout.postQuantConv ? pointwise(parameters, "post_quant_conv", latents) : null;
        decoder = decoder(parameters);
    }

    static Autoencoder.Description reader(ModelConfig config) {
        config.refuseUnlessDefault("act_fn", "silu", "swish");
        config.refuseUnlessDefault("in_channels", 3);
        config.refuseUnlessDefault("out_channels", 3);
        config.refuseUnlessDefault("latents_mean");
        config.refuseUnlessDefault("latents_std");
        config.refuseUnlessDefault("down_block_types", "DownEncoderBlock2D");
        config.refuseUnlessDefault("up_block_types", "UpDecoderBlock2D");
        var channels =
                config.has("block_out_channels") ? config.integers("block_out_channels", 1, 8, 1, 8192) : List.of(64);
        var layout = new Layout(
                channels,
                config.integer("layers_per_block", 1, 1, 16),
                config.integer("latent_channels", 4, 1, 256),
                config.integer("norm_num_groups", 32, 1, 1024),
                config.flag("mid_block_add_attention", true),
                config.flag("use_quant_conv", true),
                config.flag("use_post_quant_conv", true));
        double scalingFactor = config.number("scaling_factor", 0.18215, 1e-6, 1e6);
        double shiftFactor = config.number("shift_factor", 0, -1e6, 1e6);
        int sampleSize = config.integer("sample_size", 32, 1, 65536);
        // everything is computed in single precision, so there is nothing to upcast
        config.refuseUnknown("force_upcast");
        for (int c : channels) {
            if (c % layout.groups != 0) {
                throw config.problem("block_out_channels", c + " is not divisible by norm_num_groups " + layout.groups);
            }
        }
        return new Autoencoder.Description(
                layout.latentChannels,
                1 << (channels.size() - 1),
                scalingFactor,
                shiftFactor,
                true,
                sampleSize,
                parameters -> new KlAutoencoder(layout, parameters));
    }

    /** Files of Stable Diffusion 1.x call the parts of the attention by older names. */
    static String modernName(String name) {
        var matcher = OLD_ATTENTION.matcher(name);
        if (!matcher.matches()) {
            return name;
        }
        String modern = switch (matcher.group(2)) {
            case "query" -> "to_q";
            case "key" -> "to_k";
            case "value" -> "to_v";
            default -> "to_out.0";
        };
        return matcher.group(1) + modern + matcher.group(3);
    }

    private Half encoder(Parameters parameters) {
        var channels = layout.channels;
        int last = channels.get(channels.size() - 1);
        var in =
                parameters.at("encoder.").conv("conv_in", 3, channels.get(0), 3).weights();
        var levels = new ArrayList<Level>();
        for (int i = 0; i < channels.size(); i++) {
            String prefix = "encoder.down_blocks." + i + ".";
            int from = channels.get(Math.max(0, i - 1));
            boolean isLast = i == channels.size() - 1;
            levels.add(level(
                    parameters, prefix, from, channels.get(i), layout.layers, isLast ? "" : "downsamplers.0.conv"));
        }
        var middle = middle(parameters, "encoder.mid_block.", last);
        var out = parameters
                .at("encoder.")
                .norm("conv_norm_out", last)
                .conv("conv_out", last, 2L * layout.latentChannels, 3)
                .weights();
        return new Half(in, levels, middle, out);
    }

    private Half decoder(Parameters parameters) {
        var channels = layout.channels;
        int count = channels.size();
        int last = channels.get(count - 1);
        var in = parameters
                .at("decoder.")
                .conv("conv_in", layout.latentChannels, last, 3)
                .weights();
        var middle = middle(parameters, "decoder.mid_block.", last);
        var levels = new ArrayList<Level>();
        for (int i = 0; i < count; i++) {
            String prefix = "decoder.up_blocks." + i + ".";
            int from = channels.get(Math.min(count - 1, count - i));
            int to = channels.get(count - 1 - i);
            levels.add(
                    level(parameters, prefix, from, to, layout.layers + 1, i == count - 1 ? "" : "upsamplers.0.conv"));
        }
        var out = parameters
                .at("decoder.")
                .norm("conv_norm_out", channels.get(0))
                .conv("conv_out", channels.get(0), 3, 3)
                .weights();
        return new Half(in, levels, middle, out);
    }

    private static Level level(Parameters parameters, String prefix, int from, int to, int resnets, String sampler) {
        var all = new ArrayList<Resnet>();
        for (int i = 0; i < resnets; i++) {
            all.add(resnet(parameters, prefix + "resnets." + i + ".", i == 0 ? from : to, to));
        }
        return new Level(
                all,
                sampler.isEmpty()
                        ? null
                        : parameters.at(prefix).conv(sampler, to, to, 3).weights());
    }

    private Middle middle(Parameters parameters, String prefix, int channels) {
        var first = resnet(parameters, prefix + "resnets.0.", channels, channels);
        BlockWeights attention = null;
        if (layout.middleAttention) {
            attention = parameters
                    .at(prefix + "attentions.0.")
                    .norm("group_norm", channels)
                    .linear("to_q", channels, channels)
                    .linear("to_k", channels, channels)
                    .linear("to_v", channels, channels)
                    .linear("to_out.0", channels, channels)
                    .weights();
        }
        return new Middle(first, attention, resnet(parameters, prefix + "resnets.1.", channels, channels));
    }

    private static Resnet resnet(Parameters parameters, String prefix, int in, int out) {
        var block = parameters.at(prefix);
        block.norm("norm1", in).conv("conv1", in, out, 3);
        block.norm("norm2", out).conv("conv2", out, out, 3);
        if (in != out) {
            block.conv("conv_shortcut", in, out, 1);
        }
        return new Resnet(block.weights());
    }

    private static BlockWeights pointwise(Parameters parameters, String name, int channels) {
        return parameters.at("").conv(name, channels, channels, 1).weights();
    }

    @Override
    public Value encode(Tape tape, Value image) {
        Value x = tape.call("convolve", image, encoder.in);
        for (Level level : encoder.levels) {
            x = resnets(tape, x, level);
            if (level.sampler != null) {
                x = tape.call("downsample_corner", x, level.sampler);
            }
        }
        x = middle(tape, x, encoder.middle);
        x = tape.call("norm_convolve", x, encoder.out, layout.groups, EPSILON);
        return quant == null ? x : tape.call("convolve_pointwise", x, quant);
    }

    @Override
    public Value decode(Tape tape, Value latents) {
        Value x = postQuant == null ? latents : tape.call("convolve_pointwise", latents, postQuant);
        x = tape.call("convolve", x, decoder.in);
        x = middle(tape, x, decoder.middle);
        for (Level level : decoder.levels) {
            x = resnets(tape, x, level);
            if (level.sampler != null) {
                x = tape.call("upsample", x, 2 * x.size(2), 2 * x.size(3), level.sampler);
            }
        }
        return tape.call("norm_convolve", x, decoder.out, layout.groups, EPSILON);
    }

    private Value resnets(Tape tape, Value x, Level level) {
        for (Resnet resnet : level.resnets) {
            x = tape.call("resnet", x, resnet.weights, layout.groups, EPSILON);
        }
        return x;
    }

    private Value middle(Tape tape, Value x, Middle middle) {
        x = tape.call("resnet", x, middle.first.weights, layout.groups, EPSILON);
        if (middle.attention != null) {
            x = tape.call("grid_attention", x, middle.attention, layout.groups, EPSILON);
        }
        return tape.call("resnet", x, middle.second.weights, layout.groups, EPSILON);
    }
}
