// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.TensorScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass through the UNet: what it predicted, where it attended, and the way back. Belongs to one thread. */
public final class UnetPass implements AutoCloseable {
    /**
     * Gradients with respect to a pass's inputs.
     *
     * @param latents of the latents' shape
     * @param text of the text's shape
     */
    @SuppressWarnings("ArrayRecordComponent") // a pair of results, never compared
    public record Gradients(float[] latents, float[] text) {}

    private final TensorScope scope;
    private final UnetInput input;
    private final Tape tape;
    private final Value latents;
    private final Value text;
    private final Taps taps;
    private final @Nullable Value prediction;

    UnetPass(TensorRuntime runtime, UnetNetwork network, UnetInput input, Taps taps, Tape.Memory memory) {
        this.input = input;
        this.taps = taps;
        scope = runtime.scope();
        try {
            tape = scope.tape(memory);
            long batch = input.batch();
            long cells = (long) input.height() * input.width();
            long channels = input.latents().length / (batch * cells);
            latents = tape.variable(scope.tensor(input.latents(), batch, channels, input.height(), input.width()));
            long width = network.textWidth();
            text = tape.variable(scope.tensor(input.text(), batch, input.text().length / (batch * width), width));
            prediction = network.forward(scope, tape, latents, input.timesteps(), text, taps);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /**
     * What the network predicts.
     *
     * @return of the latents' shape
     * @throws IllegalStateException if this pass ended at the attention
     */
    public float[] prediction() {
        if (prediction == null) {
            throw new IllegalStateException("this pass ended at the attention");
        }
        return prediction.toArray();
    }

    /**
     * The probabilities of one cross-attention.
     *
     * @param name one of those that this pass taps
     * @return [B, heads, cells, positions]
     */
    public float[] probabilities(String name) {
        return map(name).toArray();
    }

    private Value map(String name) {
        Value map = taps.maps().get(name);
        if (map == null) {
            throw new IllegalArgumentException(
                    name + " isn't tapped in this pass; " + taps.maps().keySet() + " are");
        }
        return map;
    }

    /**
     * The tapped attention of one sample, mean over heads, then over layers.
     *
     * @param sample index in the batch
     * @return [positions][row][column]
     */
    public float[] attention(int sample) {
        PtNDArray[] maps = taps.maps().values().stream().map(Value::data).toArray(PtNDArray[]::new);
        try (PtNDArray mean = scope.call("mean_attention", maps, sample)) {
            return mean.toFloatArray();
        }
    }

    /**
     * Takes the gradients of Σ attention·cotangent for a batch of one. Can be called once.
     *
     * @param cotangent in the layout of {@link #attention}
     * @return the gradients
     */
    public Gradients attentionGradients(float[] cotangent) {
        Map<Value, PtNDArray> cotangents = new HashMap<>();
        int layers = taps.maps().size();
        for (Value map : taps.maps().values()) {
            long heads = map.size(1);
            PtNDArray flat = scope.tensor(cotangent, map.size(3), map.size(2));
            cotangents.put(map, scope.call("spread_attention", flat, heads, layers));
            flat.close();
        }
        return gradients(cotangents);
    }

    /**
     * Takes the gradients of Σ prediction·cotangent. Can be called once.
     *
     * @param cotangent of the latents' shape
     * @return the gradients
     */
    public Gradients predictionGradients(float[] cotangent) {
        if (prediction == null) {
            throw new IllegalStateException("this pass ended at the attention");
        }
        Map<Value, PtNDArray> cotangents = new HashMap<>();
        cotangents.put(
                prediction, scope.tensor(cotangent, input.batch(), prediction.size(1), input.height(), input.width()));
        return gradients(cotangents);
    }

    private Gradients gradients(Map<Value, PtNDArray> cotangents) {
        List<PtNDArray> found = tape.gradients(cotangents, List.of(latents, text));
        return new Gradients(found.get(0).toFloatArray(), found.get(1).toFloatArray());
    }

    /** Frees everything that the pass made. */
    @Override
    public void close() {
        scope.close();
    }
}
