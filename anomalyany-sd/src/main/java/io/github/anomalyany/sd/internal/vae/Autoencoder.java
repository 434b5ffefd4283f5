// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.ModelConfig;
import io.github.anomalyany.djl.Parameters;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorRuntime;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;

/**
 * A loaded autoencoder. Pictures are [3, H, W] in (−1, 1), latents [C, h, w], last axis fastest. Any thread; every call
 * frees what it made.
 */
public interface Autoencoder extends AutoCloseable {
    /**
     * Loads the autoencoder that a folder holds.
     *
     * @param runtime where to
     * @param folder holds {@code config.json} and the weights
     * @return the autoencoder, to be closed by the caller
     * @throws ModelLoadException if the folder doesn't hold one that is supported
     */
    static Autoencoder load(TensorRuntime runtime, Path folder) {
        return LoadedAutoencoder.load(runtime, folder, describe(folder));
    }

    /**
     * The tensors that a folder's config asks for.
     *
     * @param folder holds {@code config.json}
     * @return shapes by name
     * @throws ModelLoadException if the config isn't supported
     */
    static Map<String, long[]> architecture(Path folder) {
        return LoadedAutoencoder.architecture(describe(folder));
    }

    private static Description describe(Path folder) {
        var config = ModelConfig.read(folder.resolve("config.json"));
        return switch (config.text("_class_name", "AutoencoderKL", "AutoencoderKL", "AutoencoderTiny")) {
            case "AutoencoderTiny" -> TinyAutoencoder.reader(config);
            default -> KlAutoencoder.reader(config);
        };
    }

    /** Layers of an autoencoder. */
    interface Network {
        /** From a picture [B, 3, H, W] to what the encoder says [B, C or 2C, h, w]. */
        Value encode(Tape tape, Value image);

        /** From latents [B, C, h, w] to a picture [B, 3, H, W]. */
        Value decode(Tape tape, Value latents);
    }

    /**
     * What is known of an autoencoder before its weights are.
     *
     * @param latentChannels channels of the latents
     * @param scale side of the picture that one latent cell stands for
     * @param scalingFactor factor between the encoder's latents and those of the UNet
     * @param shiftFactor subtracted before scaling
     * @param gaussian whether the encoder gives mean and log-variance
     * @param sampleSize native side of the picture
     * @param network builds the layers
     */
    record Description(
            int latentChannels,
            int scale,
            double scalingFactor,
            double shiftFactor,
            boolean gaussian,
            int sampleSize,
            Function<Parameters, Network> network) {}

    /**
     * What is known besides the weights.
     *
     * @return the description
     */
    Description description();

    /**
     * Runs the encoder.
     *
     * @param image [3, height, width]
     * @param height a multiple of the scale
     * @param width a multiple of the scale
     * @return mean and log-variance [2C, h, w] of a Gaussian, or latents [C, h, w] where there is none
     */
    float[] moments(float[] image, int height, int width);

    /**
     * Runs the decoder.
     *
     * @param latents [C, height, width], unscaled
     * @param height rows of the latents
     * @param width columns of the latents
     * @return [3, H, W], about (−1, 1)
     */
    float[] decode(float[] latents, int height, int width);

    /**
     * Runs the decoder and keeps what its gradient needs.
     *
     * @param latents [C, height, width], unscaled
     * @param height rows of the latents
     * @param width columns of the latents
     * @param memory what to keep
     * @return the pass, to be closed by the caller
     */
    DecoderPass decoding(float[] latents, int height, int width, Tape.Memory memory);

    /**
     * A picture's latents as the UNet wants them, shifted and scaled: the posterior's mean, which is also its mode, and its
     * standard deviation.
     *
     * @param mean [C, h, w]
     * @param deviation [C, h, w]; zeros where there is no Gaussian
     */
    @SuppressWarnings("ArrayRecordComponent") // a pair of results, never compared
    record Latents(float[] mean, float[] deviation) {}

    /**
     * Latents of a picture as the UNet wants them.
     *
     * @param image [3, height, width]
     * @param height rows of the picture
     * @param width columns of the picture
     * @return mean and deviation
     */
    default Latents encodeScaled(float[] image, int height, int width) {
        float[] moments = moments(image, height, width);
        var d = description();
        float[] mean = Arrays.copyOf(moments, moments.length / (d.gaussian() ? 2 : 1));
        float[] deviation = d.gaussian() ? Posterior.of(moments).deviation() : new float[mean.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) ((mean[i] - d.shiftFactor()) * d.scalingFactor());
            deviation[i] *= (float) d.scalingFactor();
        }
        return new Latents(mean, deviation);
    }

    /**
     * Undoes the scaling of {@link #encodeScaled}.
     *
     * @param latents as the UNet has them
     * @return as the decoder wants them
     */
    default float[] unscaled(float[] latents) {
        var d = description();
        var unscaled = new float[latents.length];
        for (int i = 0; i < latents.length; i++) {
            unscaled[i] = (float) (latents[i] / d.scalingFactor() + d.shiftFactor());
        }
        return unscaled;
    }

    /** Frees the weights. */
    @Override
    void close();
}
