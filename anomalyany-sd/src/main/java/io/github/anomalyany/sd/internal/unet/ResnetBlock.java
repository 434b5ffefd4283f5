// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import io.github.anomalyany.djl.BlockWeights;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import org.jspecify.annotations.Nullable;

/** A ResNet of the UNet: norm, SiLU, convolution, plus the time embedding, norm, SiLU, convolution, plus what came in. */
final class ResnetBlock {
    private final BlockWeights weights;
    private final int groups;
    private final double epsilon;

    ResnetBlock(Parameters parameters, String prefix, int in, int out, int timeWidth, int groups, double epsilon) {
        var block = parameters.at(prefix);
        block.norm("norm1", in).conv("conv1", in, out, 3);
        block.norm("norm2", out).conv("conv2", out, out, 3);
        block.linear("time_emb_proj", timeWidth, out);
        if (in != out) {
            block.conv("conv_shortcut", in, out, 1);
        }
        this.weights = block.weights();
        this.groups = groups;
        this.epsilon = epsilon;
    }

    Value apply(Tape tape, Value x, @Nullable Value skip, Value time) {
        return skip == null
                ? tape.call("resnet_timed", x, time, weights, groups, epsilon)
                : tape.call("resnet_timed_joined", x, skip, time, weights, groups, epsilon);
    }
}
