// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import io.github.anomalyany.djl.Architecture;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.TensorIndex;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A loaded UNet. Arrays are batches of samples, last axis fastest: latents [B, C, h, w], text [B, positions, width]. Any
 * thread; every call frees what it made.
 */
public final class Unet implements AutoCloseable {
    private final TensorRuntime runtime;
    private final UnetConfig config;
    private final Weights weights;
    private final UnetNetwork network;

    private Unet(TensorRuntime runtime, UnetConfig config, Weights weights, UnetNetwork network) {
        this.runtime = runtime;
        this.config = config;
        this.weights = weights;
        this.network = network;
    }

    /**
     * Loads a UNet.
     *
     * @param runtime where to
     * @param folder holds {@code config.json} and the weights
     * @return the UNet, to be closed by the caller
     * @throws io.github.anomalyany.ModelLoadException if the folder doesn't hold one
     */
    public static Unet load(TensorRuntime runtime, Path folder) {
        var config = UnetConfig.read(folder.resolve("config.json"));
        try (var index = TensorIndex.open(folder)) {
            index.require(architecture(config), name -> false, TensorIndex.ShapeMatch.POINTWISE);
            var weights = new Weights(runtime, index);
            return new Unet(runtime, config, weights, new UnetNetwork(config, weights));
        }
    }

    /**
     * The tensors that a folder's config asks for.
     *
     * @param folder holds {@code config.json}
     * @return shapes by name
     * @throws io.github.anomalyany.ModelLoadException if the config isn't supported
     */
    public static Map<String, long[]> architecture(Path folder) {
        return architecture(UnetConfig.read(folder.resolve("config.json")));
    }

    private static Map<String, long[]> architecture(UnetConfig config) {
        return Architecture.of(parameters -> new UnetNetwork(config, parameters));
    }

    /**
     * The architecture.
     *
     * @return as read from {@code config.json}
     */
    public UnetConfig config() {
        return config;
    }

    /**
     * Names of all cross-attentions in the order of a pass.
     *
     * @return as {@code "down_blocks.0.attentions.0.transformer_blocks.0.attn2"}
     */
    public List<String> crossAttentions() {
        return network.crossAttentions();
    }

    /**
     * Predicts the noise, or the velocity, in a batch of latents.
     *
     * @param input the batch
     * @return the prediction, of the latents' shape
     */
    public float[] predict(UnetInput input) {
        try (var pass = new UnetPass(runtime, network, input, Taps.of(List.of()), Tape.Memory.INFERENCE)) {
            return pass.prediction();
        }
    }

    /**
     * Runs to the end and keeps the attention of the tapped layers.
     *
     * @param input the batch
     * @param memory what to keep for gradients
     * @return the pass, to be closed by the caller
     */
    public UnetPass run(UnetInput input, Tape.Memory memory) {
        return new UnetPass(runtime, network, input, Taps.of(network.tapped()), memory);
    }

    /**
     * Runs to the end and keeps what the prediction's gradients need.
     *
     * @param input the batch
     * @param memory what to keep for gradients
     * @return the pass, to be closed by the caller
     */
    public UnetPass predicting(UnetInput input, Tape.Memory memory) {
        return new UnetPass(runtime, network, input, Taps.of(List.of()), memory);
    }

    /**
     * Runs only as far as the attention of the tapped layers needs.
     *
     * @param input the batch
     * @param memory what to keep for gradients
     * @return the pass, to be closed by the caller
     */
    public UnetPass attend(UnetInput input, Tape.Memory memory) {
        return new UnetPass(runtime, network, input, Taps.endingAt(network.tapped()), memory);
    }

    /**
     * Runs to the end and keeps the probabilities of some cross-attentions.
     *
     * @param input the batch
     * @param names some of {@link #crossAttentions()}
     * @return the pass, to be closed by the caller
     */
    public UnetPass probe(UnetInput input, List<String> names) {
        return new UnetPass(runtime, network, input, Taps.of(names), Tape.Memory.INFERENCE);
    }

    /** Frees the weights. */
    @Override
    public void close() {
        weights.close();
    }
}
