// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.TensorScope;
import java.util.List;
import java.util.Map;

/** One pass through a decoder and its way back. Belongs to one thread. */
public final class DecoderPass implements AutoCloseable {
    private final TensorScope scope;
    private final Tape tape;
    private final Value latents;
    private final Value image;

    DecoderPass(
            TensorRuntime runtime,
            Autoencoder.Network network,
            int channels,
            float[] latents,
            int height,
            int width,
            Tape.Memory memory) {
        scope = runtime.scope();
        try {
            tape = scope.tape(memory);
            this.latents = tape.variable(scope.tensor(latents, 1, channels, height, width));
            image = network.decode(tape, this.latents);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * The picture.
     *
     * @return [3, H, W], about (−1, 1)
     */
    public float[] image() {
        return image.toArray();
    }

    /**
     * Takes the gradient of Σ image·cotangent with respect to the latents. Can be called once.
     *
     * @param cotangent [3, H, W]
     * @return [C, h, w]
     */
    public float[] gradient(float[] cotangent) {
        var incoming = scope.tensor(cotangent, 1, 3, image.size(2), image.size(3));
        return tape.gradients(Map.of(image, incoming), List.of(latents)).get(0).toFloatArray();
    }

    /** Frees everything that the pass made. */
    @Override
    public void close() {
        scope.close();
    }
}
