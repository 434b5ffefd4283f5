// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.BlockWeights;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a UNet2DConditionModel and their order: down, middle, up with skip connections. Immutable; any thread.
 */
final class UnetNetwork {
    /** ResNets of a level, its attentions (none or as many), and the sampler to the next level. */
    private record Level(
            List<ResnetBlock> resnets,
            List<SpatialTransformer> attentions,
            @Nullable BlockWeights sampler) {}

    private final UnetConfig config;
    private final BlockWeights timeEmbedding;
    private final BlockWeights convIn;
    private final List<Level> down = new ArrayList<>();
    private final Level middle;
    private final List<Level> up = new ArrayList<>();
    private final BlockWeights out;
    private final List<String> tapped = new ArrayList<>();
    private final List<String> crossAttentions = new ArrayList<>();

    UnetNetwork(UnetConfig config, Parameters parameters) {
        this.config = config;
        int first = config.channels().get(0);
        timeEmbedding = parameters
                .at("time_embedding.")
                .linear("linear_1", first, 4L * first)
                .linear("linear_2", 4L * first, 4L * first)
                .weights();
        convIn =
                parameters.at("").conv("conv_in", config.inChannels(), first, 3).weights();
        for (int level = 0; level < config.levels(); level++) {
            down.add(downLevel(parameters, level));
        }
        middle = middle(parameters);
        for (int block = 0; block < config.levels(); block++) {
            up.add(upLevel(parameters, block));
        }
        out = parameters
                .at("")
                .norm("conv_norm_out", first)
                .conv("conv_out", first, config.outChannels(), 3)
                .weights();
        collectNames();
    }

    private Level downLevel(Parameters parameters, int level) {
        String prefix = "down_blocks." + level + ".";
        int channels = config.channels().get(level);
        int in = config.channels().get(Math.max(0, level - 1));
        var resnets = new ArrayList<ResnetBlock>();
        var attentions = new ArrayList<SpatialTransformer>();
        for (int i = 0; i < config.layers(); i++) {
            resnets.add(resnet(parameters, prefix + "resnets." + i + ".", i == 0 ? in : channels, channels));
            if (config.downAttention().get(level)) {
                attentions.add(attention(parameters, prefix + "attentions." + i + ".", level));
            }
        }
        boolean last = level == config.levels() - 1;
        return new Level(resnets, attentions, last ? null : sampler(parameters, prefix + "downsamplers.0.", channels));
    }

    private Level middle(Parameters parameters) {
        int level = config.levels() - 1;
        int channels = config.channels().get(level);
        var resnets = List.of(
                resnet(parameters, "mid_block.resnets.0.", channels, channels),
                resnet(parameters, "mid_block.resnets.1.", channels, channels));
        return new Level(resnets, List.of(attention(parameters, "mid_block.attentions.0.", level)), null);
    }

    private Level upLevel(Parameters parameters, int block) {
        String prefix = "up_blocks." + block + ".";
        int level = config.levels() - 1 - block;
        int channels = config.channels().get(level);
        int below = config.channels().get(Math.min(config.levels() - 1, level + 1));
        int above = config.channels().get(Math.max(0, level - 1));
        var resnets = new ArrayList<ResnetBlock>();
        var attentions = new ArrayList<SpatialTransformer>();
        for (int i = 0; i <= config.layers(); i++) {
            int in = i == 0 ? below : channels;
            int skip = i == config.layers() ? above : channels;
            resnets.add(resnet(parameters, prefix + "resnets." + i + ".", in + skip, channels));
            if (config.upAttention().get(block)) {
                attentions.add(attention(parameters, prefix + "attentions." + i + ".", level));
            }
        }
        return new Level(
                resnets, attentions, level == 0 ? null : sampler(parameters, prefix + "upsamplers.0.", channels));
    }

    private ResnetBlock resnet(Parameters parameters, String prefix, int in, int out) {
        int timeWidth = 4 * config.channels().get(0);
        return new ResnetBlock(parameters, prefix, in, out, timeWidth, config.normGroups(), config.normEpsilon());
    }

    private SpatialTransformer attention(Parameters parameters, String prefix, int level) {
        int channels = config.channels().get(level);
        return new SpatialTransformer(
                parameters,
                prefix,
                channels,
                config.heads().get(level),
                config.depth().get(level),
                config);
    }

    private static BlockWeights sampler(Parameters parameters, String prefix, int channels) {
        return parameters.at(prefix).conv("conv", channels, channels, 3).weights();
    }

    /** The tapped layers: those of the coarsest level with cross-attention, on the way down and up, not in the middle. */
    private void collectNames() {
        int level = config.tappedLevel();
        for (int i = 0; i < down.size(); i++) {
            collect(down.get(i), i == level);
        }
        collect(middle, false);
        for (int i = 0; i < up.size(); i++) {
            collect(up.get(i), config.levels() - 1 - i == level);
        }
    }

    private void collect(Level level, boolean isTapped) {
        for (var attention : level.attentions) {
            crossAttentions.addAll(attention.crossAttentions());
            if (isTapped) {
                tapped.addAll(attention.crossAttentions());
            }
        }
    }

    /** Names of the tapped cross-attentions, in the order of the pass. */
    List<String> tapped() {
        return tapped;
    }

    /** Names of all cross-attentions, in the order of the pass. */
    List<String> crossAttentions() {
        return crossAttentions;
    }

    int textWidth() {
        return config.textWidth();
    }

    /**
     * One pass.
     *
     * @param latents [B, C, h, w]
     * @param timesteps [B]
     * @param text [B, positions, width]
     * @return the prediction [B, C, h, w], or null when the taps ended the pass
     */
    @Nullable
    Value forward(TensorScope scope, Tape tape, Value latents, float[] timesteps, Value text, Taps taps) {
        Value time = timeEmbedding(scope, tape, timesteps);
        Value x = tape.call("convolve", latents, convIn);
        Deque<Value> skips = new ArrayDeque<>();
        skips.push(x.again());
        for (Level level : down) {
            x = down(tape, level, x, time, text, taps, skips);
            if (taps.complete()) {
                return null;
            }
        }
        x = middle.resnets.get(0).apply(tape, x, null, time);
        x = middle.attentions.get(0).apply(tape, x, text, taps);
        x = middle.resnets.get(1).apply(tape, x, null, time);
        for (Level level : up) {
            x = up(tape, level, x, time, text, taps, skips);
            if (taps.complete()) {
                return null;
            }
        }
        return tape.call("norm_convolve", x, out, config.normGroups(), config.normEpsilon());
    }

    private Value timeEmbedding(TensorScope scope, Tape tape, float[] timesteps) {
        PtNDArray t = scope.tensor(timesteps, timesteps.length);
        float[] table = frequencies(config.channels().get(0) / 2, config.frequencyShift());
        PtNDArray frequencies = scope.tensor(table, table.length);
        return tape.constant(scope.call("time_embedding", t, frequencies, config.cosineFirst(), timeEmbedding));
    }

    /** exp(−ln 10000 · i / (half − shift)) in single precision, as the model was trained. */
    private static float[] frequencies(int half, double shift) {
        var table = new float[half];
        for (int i = 0; i < half; i++) {
            float exponent = (float) -Math.log(10000) * i / (float) (half - shift);
            table[i] = (float) Math.exp(exponent);
        }
        return table;
    }

    private static Value down(Tape tape, Level level, Value x, Value time, Value text, Taps taps, Deque<Value> skips) {
        for (int i = 0; i < level.resnets.size(); i++) {
            x = level.resnets.get(i).apply(tape, x, null, time);
            if (!level.attentions.isEmpty()) {
                x = level.attentions.get(i).apply(tape, x, text, taps);
                if (taps.complete()) {
                    return x;
                }
            }
            skips.push(x.again());
        }
        if (level.sampler != null) {
            x = tape.call("downsample", x, level.sampler);
            skips.push(x.again());
        }
        return x;
    }

    private static Value up(Tape tape, Level level, Value x, Value time, Value text, Taps taps, Deque<Value> skips) {
        for (int i = 0; i < level.resnets.size(); i++) {
            x = level.resnets.get(i).apply(tape, x, skips.pop(), time);
            if (!level.attentions.isEmpty()) {
                x = level.attentions.get(i).apply(tape, x, text, taps);
                if (taps.complete()) {
                    return x;
                }
            }
        }
        if (level.sampler != null) {
            // an odd side was halved upwards: up-sampling goes to the size of the skip connection, not to the double
            Value skip = skips.element();
            x = tape.call("upsample", x, skip.size(2), skip.size(3), level.sampler);
        }
        return x;
    }
}
