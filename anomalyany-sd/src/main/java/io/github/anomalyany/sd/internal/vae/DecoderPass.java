// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One pass through a decoder and its way back. Belongs to one thread. */
public final class DecoderPass implements AutoCloseable {
    private static final float[] CLIP_MEAN = {0.48145467f, 0.4578275f, 0.40821072f};
    private static final float[] CLIP_DEVIATION = {0.26862955f, 0.2613026f, 0.2757771f};

    private final TensorScope scope;
    private final Tape tape;
    private final Value latents;
    private final Value image;
    private @Nullable Value clipPixels;

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

    /**
     * The picture as CLIP takes it: to [0, 1], clamped, bicubic without anti-aliasing, normalised. At most once a pass.
     *
     * @param side side of CLIP's pictures
     * @return [3, side, side]
     */
    public float[] clipPixels(int side) {
        Value mean = tape.constant(scope.tensor(CLIP_MEAN, 3));
        Value deviation = tape.constant(scope.tensor(CLIP_DEVIATION, 3));
        clipPixels = tape.call("clip_pixels", image.again(), side, mean, deviation);
        return clipPixels.toArray();
    }

    /**
     * Takes the gradient of Σ clipPixels·cotangent with respect to the latents. Can be called once, after {@link #clipPixels}.
     *
     * @param cotangent [3, side, side]
     * @return [C, h, w]
     */
    public float[] clipGradient(float[] cotangent) {
        Value seen = Objects.requireNonNull(clipPixels, "clipPixels comes first");
        var incoming = scope.tensor(cotangent, 1, 3, seen.size(2), seen.size(3));
        return tape.gradients(Map.of(seen, incoming), List.of(latents)).get(0).toFloatArray();
    }

    /** Frees everything that the pass made. */
    @Override
    public void close() {
        scope.close();
    }
}
