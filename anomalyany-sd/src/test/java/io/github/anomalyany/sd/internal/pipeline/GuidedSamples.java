// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.golden.JsonReader;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.sd.StableDiffusionOptions.Memory;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Loss;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.StepInfo;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Samples as a run starts them, put where a golden of gradients is, and their losses. */
final class GuidedSamples implements AutoCloseable {
    private final GoldenFile golden;
    private final Map<String, Object> about;
    private final DiffusionModel model;
    private final RequestPreparation preparation;
    private final RunWatch watch = new RunWatch(RunControl.none(), new Gate("generator"), 1, 1);
    private final GenerationRun run;

    GuidedSamples(GoldenFile golden) {
        this.golden = golden;
        about = JsonReader.object(golden.about());
        var goldens = Goldens.own();
        var companions = new DiffusionModel.Companions(Optional.of(goldens.path(text("clip"))), Optional.empty());
        model = DiffusionModel.load(goldens.path(text("model")), companions, Device.cpu());
        var request = request();
        preparation = new RequestPreparation(model, request, request.settings().orElseThrow());
        run = new GenerationRun(model, StableDiffusionOptions.defaults(), request, preparation, watch);
    }

    private String text(String key) {
        return (String) Objects.requireNonNull(about.get(key), key);
    }

    private double number(String key) {
        return ((Number) Objects.requireNonNull(about.get(key), key)).doubleValue();
    }

    private GenerationRequest request() {
        int height = 8 * golden.in("latents").shape(2);
        int width = 8 * golden.in("latents").shape(3);
        int[] region = JsonReader.asInts(about.get("region"));
        var words = JsonReader.asList(about.get("words")).stream().map(String.class::cast);
        var settings = GenerationSettings.builder()
                .steps((int) number("steps"))
                .strength(number("strength"))
                .scheduler(text("scheduler").equals("euler") ? NoiseScheduler.euler() : NoiseScheduler.ddim())
                .frame(new PixelForPixel())
                .build();
        return GenerationRequest.builder()
                .normal(RgbImage.of(width, height, new byte[3 * width * height]))
                .anomaly(text("prompt"))
                .emphasize(words.toArray(String[]::new))
                .description(text("description"))
                .region(Mask.rectangle(width, height, new Region(region[0], region[1], region[2], region[3])))
                .settings(settings)
                .build();
    }

    /** The picture at its own size, whatever size the model is used to. */
    private record PixelForPixel() implements Frame {
        @Override
        public String description() {
            return "pixel-for-pixel";
        }

        @Override
        public Placement place(int width, int height, ModelSize size) {
            return new Placement(0, 0, width, height, width, height);
        }
    }

    List<AttentionMaps.Word> words() {
        return run.prepared().words();
    }

    /** A sample with the golden's latents and embeddings. */
    Sample start(int image) {
        Sample sample = run.start(Attempt.first(image, 0));
        sample.run().replaceSample(golden.in("latents").toFloats());
        sample.replaceText(golden.in("text").toFloats());
        return sample;
    }

    private StepInfo info(Sample sample) {
        double timestep = sample.run().step().timestep();
        assertThat(timestep).isEqualTo(number("timestep"));
        return new StepInfo(0, sample.run().steps(), timestep, 0);
    }

    private LossPasses passes(Memory memory) {
        var networks = new LossPasses.Networks(
                model.unet(),
                model.schedule(),
                preparation.refinementDecoder(),
                model.clip(),
                new StableDiffusionOptions(1, memory).tapeMemory());
        return new LossPasses(networks, run.prepared(), watch);
    }

    Loss attention(Sample sample, Memory memory) {
        return passes(memory)
                .attention(sample, info(sample), AttentionLoss.maxPerWord(), smoothed -> true)
                .loss();
    }

    Loss image(Sample sample, RefinementTarget target, Memory memory) {
        return passes(memory).image(sample, info(sample), ClipRefinement.cosine(), target);
    }

    @Override
    public void close() {
        model.close();
    }
}
