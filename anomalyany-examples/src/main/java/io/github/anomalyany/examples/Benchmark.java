// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.StepInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times the networks on a model folder and prints one JSON line a case. Only ratios to a peer timed in the same run on an
 * otherwise idle machine mean anything.
 *
 * <p>{@code image_to_image}, two steps of a whole run, is timed only when named, and then alone.
 *
 * <p>Usage: {@code Benchmark FOLDER [--cases unet_forward,loss_vjp,…] [--latent 64] [--runs 5] [--memory ALL|BLOCK_INPUTS]}.
 * Threads: {@code -Dai.djl.pytorch.num_threads=N}, which must equal {@code --threads N}, default 2.
 */
public final class Benchmark {
    private final Unet unet;
    private final Autoencoder vae;
    private final int side;
    private final Tape.Memory memory;
    private final SplittableRandom random = new SplittableRandom(1);

    private Benchmark(Unet unet, Autoencoder vae, int side, Tape.Memory memory) {
        this.unet = unet;
        this.vae = vae;
        this.side = side;
        this.memory = memory;
    }

    /** One thing to time. */
    private record Case(String name, Runnable body) {}

    /**
     * Runs the benchmark.
     *
     * @param args see the class
     * @throws IOException if {@code /proc} can't be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println(
                    "usage: Benchmark FOLDER [--cases A,B] [--latent 64] [--runs 5] [--memory ALL|BLOCK_INPUTS]");
            System.exit(2);
        }
        int side = Integer.parseInt(option(args, "--latent", "64"));
        int runs = Integer.parseInt(option(args, "--runs", "5"));
        var memory = Tape.Memory.valueOf(option(args, "--memory", "ALL"));
        List<String> wanted = List.of(option(args, "--cases", "").split(","));
        Path folder = Path.of(args[0]);
        if (wanted.contains("image_to_image")) {
            imageToImage(folder, side, runs, memory);
            return;
        }
        try (var runtime = TensorRuntime.open(Device.cpu());
                var unet = Unet.load(runtime, folder.resolve("unet"));
                var vae = Autoencoder.load(runtime, folder.resolve("vae"))) {
            for (Case c : new Benchmark(unet, vae, side, memory).cases()) {
                if (wanted.contains("") || wanted.contains(c.name)) {
                    print(c, runs, side, memory, runtime.threads());
                }
            }
        }
    }

    /** Two guided steps from a picture at the model's native size: loading excluded from the time, included in the memory. */
    private static void imageToImage(Path folder, int side, int runs, Tape.Memory memory) throws IOException {
        var settings = GenerationSettings.imageToImage().toBuilder()
                .steps(4)
                .strength(0.5)
                .build();
        try (var generator = AnomalyGenerator.builder()
                .modelDirectory(folder)
                .device(Device.cpu())
                .settings(settings)
                .build()) {
            var normal = RgbImage.of(8 * side, 8 * side, new byte[3 * 64 * side * side]);
            var request = GenerationRequest.builder()
                    .normal(normal)
                    .anomaly("a hazelnut with a deep crack")
                    .build();
            var c = new Case("image_to_image", () -> generator.generate(request));
            print(c, runs, side, memory, Integer.getInteger("ai.djl.pytorch.num_threads", 0));
        }
    }

    private static String option(String[] args, String name, String otherwise) {
        int at = Arrays.asList(args).indexOf(name);
        return at < 0 || at + 1 == args.length ? otherwise : args[at + 1];
    }

    private List<Case> cases() {
        var cases = new ArrayList<Case>();
        cases.add(new Case("unet_forward", () -> unet.predict(input(2))));
        cases.add(new Case("loss_vjp", this::lossGradient));
        cases.add(new Case("unet_vjp", () -> {
            try (var pass = unet.run(input(1), memory)) {
                var ones = new float[pass.prediction().length];
                Arrays.fill(ones, 1);
                pass.predictionGradients(ones);
            }
        }));
        float[] latents = normals(vae.description().latentChannels() * side * side);
        cases.add(new Case("vae_decode", () -> vae.decode(latents, side, side)));
        cases.add(new Case("vae_decode_vjp", () -> {
            try (var pass = vae.decoding(latents, side, side, memory)) {
                var ones = new float[pass.image().length];
                Arrays.fill(ones, 1);
                pass.gradient(ones);
            }
        }));
        return cases;
    }

    /** The attention loss of one conditional sample: a pass as far as the last tapped attention, and its gradients. */
    private void lossGradient() {
        try (var pass = unet.attend(input(1), memory)) {
            float[] attention = pass.attention(0);
            int grid = side >> unet.config().tappedLevel();
            var region = new float[grid * grid];
            Arrays.fill(region, 1);
            var words = List.of(new AttentionMaps.Word("word", List.of(5)));
            var maps = new AttentionMaps(77, grid, grid, attention, words, region);
            var loss = AttentionLoss.maxPerWord().evaluate(maps, new StepInfo(0, 1, 251, 0));
            pass.attentionGradients(loss.gradient());
        }
    }

    private UnetInput input(int batch) {
        var timesteps = new float[batch];
        Arrays.fill(timesteps, 251);
        var config = unet.config();
        return new UnetInput(
                side,
                side,
                timesteps,
                normals(batch * config.inChannels() * side * side),
                normals(batch * 77 * config.textWidth()));
    }

    private float[] normals(int count) {
        var values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static void print(Case c, int runs, int side, Tape.Memory memory, int threads) throws IOException {
        c.body.run();
        var millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            c.body.run();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        System.out.println(String.format(
                Locale.ROOT,
                "{\"case\": \"%s\", \"median_ms\": %.2f, \"min_ms\": %.2f, \"peak_rss_mib\": %d, \"latent\": %d,"
                        + " \"threads\": %d, \"dtype\": \"float32\", \"memory\": \"%s\"}",
                c.name,
                millis[runs / 2],
                millis[0],
                Math.round(ProcessMemory.peak()),
                side,
                threads,
                memory));
    }
}
