// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.BlockWeights;
import io.github.anomalyany.djl.ModelConfig;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import java.util.ArrayList;
import java.util.List;

/** AutoencoderTiny (TAESD): a distilled autoencoder of plain convolutions, without norms and attention. */
final class TinyAutoencoder implements Autoencoder.Network {
    private record Layout(
            int latentChannels,
            List<Integer> encoderChannels,
            List<Integer> encoderBlocks,
            List<Integer> decoderChannels,
            List<Integer> decoderBlocks,
            int upsampling) {}

    /** Some blocks and the convolution that begins the level (encoder) or ends it (decoder). */
    private record Level(List<BlockWeights> blocks, BlockWeights convolution) {}

    private final Layout layout;
    private final List<Level> encoder = new ArrayList<>();
    private final BlockWeights encoderOut;
    private final BlockWeights decoderIn;
    private final List<Level> decoder = new ArrayList<>();

    private TinyAutoencoder(Layout layout, Parameters parameters) {
        this.layout = layout;
        var layers = new Numbering(parameters, "encoder.layers.");
        for (int i = 0; i < layout.encoderBlocks.size(); i++) {
            int channels = layout.encoderChannels.get(i);
            int before = i == 0 ? 3 : layout.encoderChannels.get(i - 1);
            var convolution = layers.convolution(before, channels, i == 0);
            encoder.add(new Level(layers.blocks(layout.encoderBlocks.get(i), channels), convolution));
        }
        int last = layout.encoderChannels.get(layout.encoderChannels.size() - 1);
        encoderOut = layers.convolution(last, layout.latentChannels, true);

        layers = new Numbering(parameters, "decoder.layers.");
        decoderIn = layers.convolution(layout.latentChannels, layout.decoderChannels.get(0), true);
        layers.skip(); // the activation
        for (int i = 0; i < layout.decoderBlocks.size(); i++) {
            int channels = layout.decoderChannels.get(i);
            boolean isLast = i == layout.decoderBlocks.size() - 1;
            var blocks = layers.blocks(layout.decoderBlocks.get(i), channels);
            if (!isLast) {
                layers.skip(); // the up-sampler
            }
            decoder.add(new Level(blocks, layers.convolution(channels, isLast ? 3 : channels, isLast)));
        }
    }

    /** Counts layers as a PyTorch Sequential does. */
    private static final class Numbering {
        private final Parameters parameters;
        private final String prefix;
        private int next;

        private Numbering(Parameters parameters, String prefix) {
            this.parameters = parameters;
            this.prefix = prefix;
        }

        private void skip() {
            next++;
        }

        private BlockWeights convolution(int in, int out, boolean biased) {
            var block = parameters.at(prefix);
            String name = String.valueOf(next++);
            return (biased ? block.conv(name, in, out, 3) : block.tensor(name + ".weight", out, in, 3, 3)).weights();
        }

        private List<BlockWeights> blocks(int count, int channels) {
            var blocks = new ArrayList<BlockWeights>();
            for (int i = 0; i < count; i++) {
                blocks.add(parameters
                        .at(prefix + next++ + ".")
                        .conv("conv.0", channels, channels, 3)
                        .conv("conv.2", channels, channels, 3)
                        .conv("conv.4", channels, channels, 3)
                        .weights());
            }
            return blocks;
        }
    }

    static Autoencoder.Description reader(ModelConfig config) {
        config.refuseUnlessDefault("act_fn", "relu");
        config.refuseUnlessDefault("in_channels", 3);
        config.refuseUnlessDefault("out_channels", 3);
        config.refuseUnlessDefault("latent_magnitude", 3);
        config.refuseUnlessDefault("latent_shift", 0.5);
        config.refuseUnlessDefault("upsample_fn", "nearest");
        config.refuseUnlessDefault("shift_factor", 0);
        var encoderBlocks = counts(config, "num_encoder_blocks", List.of(1, 3, 3, 3));
        var decoderBlocks = counts(config, "num_decoder_blocks", List.of(3, 3, 3, 1));
        var layout = new Layout(
                config.integer("latent_channels", 4, 1, 256),
                channels(config, "encoder_block_out_channels", encoderBlocks.size()),
                encoderBlocks,
                channels(config, "decoder_block_out_channels", decoderBlocks.size()),
                decoderBlocks,
                config.integer("upsampling_scaling_factor", 2, 1, 8));
        double scalingFactor = config.number("scaling_factor", 1, 1e-6, 1e6);
        config.refuseUnknown("force_upcast", "block_out_channels");
        for (int i = 1; i < decoderBlocks.size(); i++) {
            if (!layout.decoderChannels.get(i).equals(layout.decoderChannels.get(i - 1))) {
                throw config.problem("decoder_block_out_channels", "all must be equal: no layer changes their number");
            }
        }
        return new Autoencoder.Description(
                layout.latentChannels,
                1 << (encoderBlocks.size() - 1),
                scalingFactor,
                0,
                false,
                512,
                parameters -> new TinyAutoencoder(layout, parameters));
    }

    private static List<Integer> counts(ModelConfig config, String name, List<Integer> defaults) {
        return config.has(name) ? config.integers(name, 1, 8, 0, 64) : defaults;
    }

    private static List<Integer> channels(ModelConfig config, String name, int levels) {
        return config.has(name)
                ? config.integers(name, levels, levels, 1, 4096)
                : java.util.Collections.nCopies(levels, 64);
    }

    @Override
    public Value encode(Tape tape, Value image) {
        Value x = tape.call("affine", image, 0.5, 0.5);
        for (int i = 0; i < encoder.size(); i++) {
            Level level = encoder.get(i);
            x = i == 0
                    ? tape.call("convolve", x, level.convolution)
                    : tape.call("convolve_plain", x, level.convolution, 2);
            x = blocks(tape, x, level);
        }
        return tape.call("convolve", x, encoderOut);
    }

    @Override
    public Value decode(Tape tape, Value latents) {
        Value x = tape.call("convolve_relu", tape.call("soft_clamp", latents), decoderIn);
        for (int i = 0; i < decoder.size(); i++) {
            Level level = decoder.get(i);
            x = blocks(tape, x, level);
            x = i == decoder.size() - 1
                    ? tape.call("convolve", x, level.convolution)
                    : tape.call("upsample_plain", x, layout.upsampling, level.convolution);
        }
        return tape.call("affine", x, 2.0, -1.0);
    }

    private static Value blocks(Tape tape, Value x, Level level) {
        for (BlockWeights block : level.blocks) {
            x = tape.call("tiny_block", x, block);
        }
        return x;
    }
}
