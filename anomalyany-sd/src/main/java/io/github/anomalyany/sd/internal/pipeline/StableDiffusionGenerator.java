// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.AnomalyAnyException;
import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.DeviceMemoryException;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.noise.NoiseSource.Purpose;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulerRun;
import io.github.anomalyany.strategy.SmoothedAttention;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The anomaly generator on Stable Diffusion. One request is read from top to bottom in {@link #generate}. */
public final class StableDiffusionGenerator implements AnomalyGenerator {
    private final DiffusionModel model;
    private final GenerationSettings defaults;
    private final StableDiffusionOptions options;
    private final Gate gate = new Gate();

    StableDiffusionGenerator(DiffusionModel model, GenerationSettings defaults, StableDiffusionOptions options) {
        this.model = model;
        this.defaults = defaults;
        this.options = options;
    }

    @Override
    public GenerationResult generate(GenerationRequest request, RunControl control) {
        gate.checkOpen();
        GenerationSettings settings = request.settings().orElse(defaults);
        var preparation = new RequestPreparation(model, request, settings);
        SchedulePlan plan = preparation.schedulePlan();
        var watch = new RunWatch(control, gate, request.count(), plan.steps().size());
        try {
            PreparedRequest prepared = preparation.encode(watch);
            var accepted = new ArrayList<GeneratedAnomaly>();
            var rejected = new ArrayList<GeneratedAnomaly>();
            for (int first = 0; first < request.count(); first += options.batchSize()) {
                int count = Math.min(options.batchSize(), request.count() - first);
                List<Sample> samples = samples(request, settings, prepared, plan, watch, first, count);
                new Denoiser(model.unet(), prepared, settings.conditioning(), settings.guidanceScale(), watch)
                        .run(samples);
                for (Sample sample : samples) {
                    GeneratedAnomaly made = finish(request, settings, prepared, plan, watch, sample);
                    (made.verdict().accepted() ? accepted : rejected).add(made);
                    watch.image(made);
                }
            }
            return new GenerationResult(accepted, rejected, watch.elapsed());
        } catch (AnomalyAnyException e) {
            throw e;
        } catch (RuntimeException e) {
            throw gate.isClosed() ? e : failure(e, request, watch);
        }
    }

    /** Noises the normal picture's latents to where the run starts (AnomalyAny 4.1), with noise of each sample's own. */
    private List<Sample> samples(
            GenerationRequest request,
            GenerationSettings settings,
            PreparedRequest prepared,
            SchedulePlan plan,
            RunWatch watch,
            int first,
            int count) {
        var samples = new ArrayList<Sample>();
        int steps = plan.steps().size();
        for (int index = first; index < first + count; index++) {
            var noise = settings.noise().open(request.seed(), index);
            float[] epsilon = noise.normal(Purpose.INITIAL, 0, prepared.normalLatents().length);
            float[] start = settings.conditioning()
                    .start(prepared.normalLatents(), epsilon, plan.startSignal(), plan.startNoise());
            var attention = settings.attentionLoss()
                    .map(loss -> new AttentionGuidance(
                            new AttentionGuidance.Setup(
                                    model.unet(),
                                    loss,
                                    settings.latentUpdate(),
                                    options.tapeMemory(),
                                    prepared,
                                    settings.steps(),
                                    steps),
                            watch));
            var clip = settings.clipRefinement()
                    .map(refinement -> new ClipGuidance(
                            new ClipGuidance.Setup(
                                    model.vae(),
                                    model.clip().orElseThrow(),
                                    refinement,
                                    options.tapeMemory(),
                                    prepared,
                                    steps),
                            watch));
            samples.add(new Sample(index, noise, epsilon, new SchedulerRun(plan, start), attention, clip));
        }
        return samples;
    }

    /** Decodes, pastes back and annotates one sample. */
    private GeneratedAnomaly finish(
            GenerationRequest request,
            GenerationSettings settings,
            PreparedRequest prepared,
            SchedulePlan plan,
            RunWatch watch,
            Sample sample) {
        var frame = prepared.frame();
        float[] latents = model.vae().unscaled(sample.run().sample());
        float[] decoded = watch.pass(() -> model.vae().decode(latents, frame.latentRows(), frame.latentColumns()));
        checkFinite(decoded);
        RgbImage image = frame.paste(decoded);
        ScoreMap scores = scores(prepared, sample);
        Annotation annotation = Annotation.of(frame, request.normal(), image, scores);
        var provenance = RunRecord.of(model, request, settings, prepared, plan, sample, annotation);
        return new GeneratedAnomaly(
                image, annotation.mask(), scores, annotation.change(), annotation.verdict(), provenance);
    }

    private static void checkFinite(float[] decoded) {
        for (float value : decoded) {
            if (!Float.isFinite(value)) {
                throw new GenerationException(
                        "the decoded picture has numbers that aren't finite: the model's weights are"
                                + " damaged, or latentUpdate's scale or guidanceScale is too large");
            }
        }
    }

    /** The words' attention of the last step, divided by its largest value inside the region. */
    private static ScoreMap scores(PreparedRequest prepared, Sample sample) {
        var maps = prepared.maps(sample.finalAttention());
        float[] map = AttentionGuidance.meanOverWords(SmoothedAttention.of(maps), maps.words());
        float largest = 0;
        for (int i = 0; i < map.length; i++) {
            largest = Math.max(largest, prepared.gridRegion()[i] > 0 ? map[i] : 0);
        }
        for (int i = 0; i < map.length; i++) {
            map[i] = largest > 0 ? Math.min(1, map[i] / largest) : 0;
        }
        return prepared.frame().spread(map, prepared.gridRows(), prepared.gridColumns());
    }

    private RuntimeException failure(RuntimeException e, GenerationRequest request, RunWatch watch) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("out of memory") || message.contains("can't allocate memory")) {
            return new DeviceMemoryException(
                    "%s ran out of memory: lower StableDiffusionOptions.batchSize (%d), choose its memory policy SMALL, or use"
                                    .formatted(model.runtime().device(), options.batchSize())
                            + " a smaller model",
                    e);
        }
        return new GenerationException(
                "generation failed on %s with seed %d after %d steps: %s"
                        .formatted(model.runtime().device(), request.seed(), watch.stepsDone(), e.getMessage()),
                e);
    }

    @Override
    public void close() {
        gate.close(model::close);
    }
}
