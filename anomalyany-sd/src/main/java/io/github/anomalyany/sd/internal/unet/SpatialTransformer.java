// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import io.github.anomalyany.djl.BlockWeights;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention over a level's grid: each cell looks at the others (self-attention) and at the text (cross-attention). Reports
 * its cross-attention probabilities to the taps that ask for them; elsewhere they are never materialised.
 */
final class SpatialTransformer {
    private record Layer(String name, BlockWeights self, BlockWeights cross, BlockWeights feedForward) {}

    private final BlockWeights in;
    private final BlockWeights out;
    private final List<Layer> layers = new ArrayList<>();
    private final int groups;
    private final int heads;
    private final boolean linear;

    SpatialTransformer(Parameters parameters, String prefix, int channels, int heads, int depth, UnetConfig config) {
        this.groups = config.normGroups();
        this.heads = heads;
        this.linear = config.linearProjection();
        in = projection(parameters.at(prefix).norm("norm", channels), "proj_in", channels);
        for (int i = 0; i < depth; i++) {
            layers.add(layer(parameters, prefix + "transformer_blocks." + i + ".", channels, config.textWidth()));
        }
        out = projection(parameters.at(prefix), "proj_out", channels);
    }

    private BlockWeights projection(Parameters.Block block, String name, int channels) {
        return (linear ? block.linear(name, channels, channels) : block.conv(name, channels, channels, 1)).weights();
    }

    private static Layer layer(Parameters parameters, String prefix, int channels, int textWidth) {
        var feedForward = parameters
                .at(prefix)
                .norm("norm3", channels)
                .linear("ff.net.0.proj", channels, 8L * channels)
                .linear("ff.net.2", 4L * channels, channels);
        return new Layer(
                prefix + "attn2",
                attention(parameters, prefix, "norm1", "attn1", channels, channels),
                attention(parameters, prefix, "norm2", "attn2", channels, textWidth),
                feedForward.weights());
    }

    private static BlockWeights attention(
            Parameters parameters, String prefix, String norm, String name, int channels, int contextWidth) {
        return parameters
                .at(prefix)
                .norm(norm, channels)
                .matrix(name + ".to_q", channels, channels)
                .matrix(name + ".to_k", contextWidth, channels)
                .matrix(name + ".to_v", contextWidth, channels)
                .linear(name + ".to_out.0", channels, channels)
                .weights();
    }

    /** Names of the cross-attentions, as the weights' names have them. */
    List<String> crossAttentions() {
        return layers.stream().map(Layer::name).toList();
    }

    /** Applies the block. When the taps end the pass here, what it returns means nothing. */
    Value apply(Tape tape, Value x, Value text, Taps taps) {
        Value h = tape.call("tokens_in", x.again(), in, groups, linear);
        for (Layer layer : layers) {
            h = tape.call("self_attention", h, layer.self, heads);
            if (taps.isLast(layer.name)) {
                taps.put(layer.name, tape.call("cross_attention_map", h, text, layer.cross, heads));
                return x;
            }
            if (taps.wants(layer.name)) {
                Value[] both = tape.callAll("cross_attention_tapped", h, text, layer.cross, heads);
                taps.put(layer.name, both[1]);
                h = both[0];
            } else {
                h = tape.call("cross_attention", h, text, layer.cross, heads);
            }
            h = tape.call("feed_forward", h, layer.feedForward);
        }
        return tape.call("tokens_out", h, x, out, linear);
    }
}
