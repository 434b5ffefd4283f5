// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.Architecture;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.TensorIndex;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.Weights;
import java.nio.file.Path;
import java.util.Map;

/** An autoencoder of either kind with its weights. */
final class LoadedAutoencoder implements Autoencoder {
    private final TensorRuntime runtime;
    private final Description description;
    private final Weights weights;
    private final Network network;

    private LoadedAutoencoder(TensorRuntime runtime, Description description, Weights weights, Network network) {
        this.runtime = runtime;
        this.description = description;
        this.weights = weights;
        this.network = network;
    }

    static LoadedAutoencoder load(TensorRuntime runtime, Path folder, Description description) {
        try (var index = TensorIndex.open(folder, KlAutoencoder::modernName)) {
            index.require(architecture(description), name -> false, TensorIndex.ShapeMatch.POINTWISE);
            var weights = new Weights(runtime, index);
            return new LoadedAutoencoder(
                    runtime, description, weights, description.network().apply(weights));
        }
    }

    static Map<String, long[]> architecture(Description description) {
        return Architecture.of(description.network());
    }

    @Override
    public Description description() {
        return description;
    }

    @Override
    public float[] moments(float[] image, int height, int width) {
        try (var scope = runtime.scope()) {
            Tape tape = scope.tape(Tape.Memory.INFERENCE);
            return network.encode(tape, tape.constant(scope.tensor(image, 1, 3, height, width)))
                    .toArray();
        }
    }

    @Override
    public float[] decode(float[] latents, int height, int width) {
        try (var pass = decoding(latents, height, width, Tape.Memory.INFERENCE)) {
            return pass.image();
        }
    }

    @Override
    public DecoderPass decoding(float[] latents, int height, int width, Tape.Memory memory) {
        return new DecoderPass(runtime, network, description.latentChannels(), latents, height, width, memory);
    }

    @Override
    public void close() {
        weights.close();
    }
}
