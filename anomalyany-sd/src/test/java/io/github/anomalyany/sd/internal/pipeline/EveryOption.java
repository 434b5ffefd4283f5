// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import com.google.common.hash.Hashing;
import io.github.anomalyany.Acceptance;
import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementDecoder;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionSampling;
import io.github.anomalyany.tiny.TinyModels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** One request for each preset and each single option, and a program that prints what each of them gives. */
public final class EveryOption {
    private static final int WIDTH = 96;
    private static final int HEIGHT = 80;

    private EveryOption() {}

    /** Prints each request's name and the digest of its pictures. */
    public static void main(String[] args) {
        try (var generator = AnomalyGenerator.builder()
                .modelDirectory(TinyModels.directory())
                .device(Device.cpu())
                .build()) {
            requests().forEach((name, request) -> System.out.println(name + " " + digest(generator, request)));
        }
    }

    /** A digest of all that the pictures of a request consist of. */
    static String digest(AnomalyGenerator generator, GenerationRequest request) {
        var result = generator.generate(request);
        var hash = Hashing.sha256().newHasher();
        for (GeneratedAnomaly made : Stream.concat(result.accepted().stream(), result.rejected().stream())
                .toList()) {
            hash.putBytes(made.image().toBytes());
            hash.putBytes(made.mask().toImage().toBytes());
            for (float score : made.scores().toArray()) {
                hash.putFloat(score);
            }
            made.attention().forEach(word -> hash.putDouble(word.meanInside()));
            hash.putUnencodedChars(made.change().toString());
            hash.putUnencodedChars(made.verdict().toString());
            hash.putUnencodedChars(made.provenance().toJson());
        }
        return hash.hash().toString();
    }

    /** Stripes with noise. */
    static RgbImage picture() {
        var random = new SplittableRandom(1);
        var bytes = new byte[3 * WIDTH * HEIGHT];
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            int grey = 110 + 40 * ((i % WIDTH) / 7 % 2) + random.nextInt(20);
            bytes[3 * i] = (byte) grey;
            bytes[3 * i + 1] = (byte) (grey - 20);
            bytes[3 * i + 2] = (byte) (grey - 50);
        }
        return RgbImage.of(WIDTH, HEIGHT, bytes);
    }

    /** The whole picture at a quarter of the native side, so that runs are short. */
    private record Small() implements Frame {
        @Override
        public String description() {
            return "small";
        }

        @Override
        public Placement place(int width, int height, ModelSize size) {
            int side = size.nearest(size.nativeSide() / 4.0);
            return new Placement(0, 0, width, height, side, side);
        }
    }

    static Map<String, GenerationRequest> requests() {
        var all = new LinkedHashMap<String, GenerationRequest>();
        presets()
                .forEach((name, preset) -> all.put(
                        name,
                        request()
                                .settings(preset.toBuilder().frame(new Small()).build())
                                .build()));
        options()
                .forEach((name, option) ->
                        all.put(name, request().settings(option.build()).build()));
        for (RegionProposal.Shape shape : RegionProposal.Shape.values()) {
            var proposal = RegionProposal.random(shape, 0.05, 0.2, RegionProposal.wholeImage());
            all.put("region " + shape, request().region(proposal).build());
        }
        all.put(
                "region of another picture each",
                request().region(regions()).count(2).build());
        all.put("negative prompt", request().negativePrompt("a photo of metal").build());
        all.put("two words", request().emphasize("wood", "hole").build());
        all.put("retries", request().settings(hardlyAccepted()).retries(1).build());
        return all;
    }

    static Map<String, GenerationSettings> presets() {
        var all = new LinkedHashMap<String, GenerationSettings>();
        all.put("anomalyAny", GenerationSettings.anomalyAny());
        all.put("cut", GenerationSettings.cut());
        all.put("fast", GenerationSettings.fast());
        all.put("reference", GenerationSettings.reference());
        all.put("imageToImage", GenerationSettings.imageToImage());
        return all;
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.builder()
                .normal(picture())
                .anomaly("a photo of wood with a hole")
                .region(Mask.ellipse(WIDTH, HEIGHT, new Region(20, 20, 50, 40)))
                .seed(5)
                .settings(quick().build());
    }

    private static GenerationSettings.Builder quick() {
        return GenerationSettings.builder().steps(8).strength(0.5).frame(new Small());
    }

    private static RegionProposal regions() {
        return RegionProposal.random(RegionProposal.Shape.ANY, 0.05, 0.2, RegionProposal.wholeImage());
    }

    private static GenerationSettings hardlyAccepted() {
        return quick().acceptance(Acceptance.standard().withClipMargin(2)).build();
    }

    private static Map<String, GenerationSettings.Builder> options() {
        var standard = PromptRefinement.standard();
        var all = new LinkedHashMap<String, GenerationSettings.Builder>();
        all.put("pndm", quick().scheduler(NoiseScheduler.pndm()));
        all.put("dpmSolver", quick().scheduler(NoiseScheduler.dpmSolver()));
        all.put("euler", quick().scheduler(NoiseScheduler.euler()));
        all.put("ddpm", quick().scheduler(NoiseScheduler.ddpm()));
        all.put("ddim with noise", quick().scheduler(NoiseScheduler.ddim(1)));
        all.put("noise level", quick().noiseLevel(0.4));
        all.put("released conditioning", quick().conditioning(Conditioning.released(0.5)));
        all.put("no guidance", quick().guidanceScale(1));
        all.put("torch noise", quick().noise(NoiseSource.torch()));
        all.put(
                "stretched",
                quick().frame(Frame.stretch()).withoutClipRefinement().steps(2));
        all.put(
                "around",
                quick().frame(Frame.around(new Region(10, 10, 50, 50), 0.5)).steps(2));
        all.put("attention anywhere", quick().attentionLoss(AttentionLoss.maxPerWordAnywhere()));
        all.put("no attention loss", quick().withoutAttentionLoss());
        all.put("plain update", quick().latentUpdate(new LatentUpdate(10, false, List.of(), 1, 0, false)));
        all.put("every second step", quick().guidanceInterval(2));
        all.put("no refinement", quick().withoutClipRefinement());
        all.put(
                "predicted original",
                quick().promptRefinement(standard.withTarget(RefinementTarget.PREDICTED_ORIGINAL)));
        all.put(
                "predicted original, euler",
                quick().scheduler(NoiseScheduler.euler())
                        .promptRefinement(standard.withTarget(RefinementTarget.PREDICTED_ORIGINAL)));
        all.put(
                "small decoder if there is one",
                quick().promptRefinement(standard.withDecoder(RefinementDecoder.AUTOENCODER_TINY_IF_PRESENT)));
        all.put(
                "prompt stays",
                quick().promptRefinement(
                                new PromptRefinement(1, RefinementTarget.LATENT, RefinementDecoder.FULL_VAE, false)));
        all.put("nearest cells", quick().regionSampling(RegionSampling.NEAREST));
        all.put("hard edge", quick().feather(0));
        all.put(
                "clip margin",
                quick().withoutClipRefinement().acceptance(Acceptance.standard().withClipMargin(-2)));
        return all;
    }
}
