// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.noise.NoiseSource.Purpose;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import io.github.anomalyany.strategy.SchedulerRun;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One request on its way: attempts in, finished pictures out. Belongs to one thread. */
final class GenerationRun {
    /** A picture and the attempt that it came from. */
    record Finished(Attempt attempt, GeneratedAnomaly made) {}

    private final DiffusionModel model;
    private final StableDiffusionOptions options;
    private final GenerationRequest request;
    private final GenerationSettings settings;
    private final RequestPreparation preparation;
    private final PreparedRequest prepared;
    private final SchedulePlan plan;
    private final RunWatch watch;
    private final ReleasedProcedure.Observer observer;

    GenerationRun(
            DiffusionModel model,
            StableDiffusionOptions options,
            GenerationRequest request,
            RequestPreparation preparation,
            RunWatch watch) {
        this(model, options, request, preparation, watch, ReleasedProcedure.NOBODY);
    }

    GenerationRun(
            DiffusionModel model,
            StableDiffusionOptions options,
            GenerationRequest request,
            RequestPreparation preparation,
            RunWatch watch,
            ReleasedProcedure.Observer observer) {
        this.observer = observer;
        this.model = model;
        this.options = options;
        this.request = request;
        this.settings = preparation.settings();
        this.preparation = preparation;
        this.plan = preparation.schedulePlan();
        this.watch = watch;
        prepared = preparation.encode(watch);
    }

    /** Makes a batch of attempts and hands over each picture as soon as it is finished. */
    void make(List<Attempt> attempts, Consumer<Finished> taker) {
        var samples = attempts.stream().map(this::start).toList();
        denoiser().run(samples);
        for (Sample sample : samples) {
            taker.accept(new Finished(sample.attempt(), finish(sample)));
        }
    }

    Denoiser denoiser() {
        var denoising = new Denoiser.Plan(
                model.unet(), model.schedule(), prepared.frame(), settings.conditioning(), settings.guidanceScale());
        return new Denoiser(denoising, watch, this::stepped);
    }

    SchedulePlan plan() {
        return plan;
    }

    PreparedRequest prepared() {
        return prepared;
    }

    /** Noises the normal picture's latents to where the run starts (AnomalyAny 4.1), with noise of the sample's own. */
    Sample start(Attempt attempt) {
        var noise = settings.noise().open(attempt.seed(), attempt.image());
        int length = prepared.normalMean().length;
        float[] normal = settings.conditioning()
                .normalLatents(
                        prepared.normalMean(),
                        prepared.normalDeviation(),
                        () -> noise.normal(Purpose.POSTERIOR, 0, length));
        float[] epsilon = noise.normal(Purpose.INITIAL, 0, length);
        float[] start = settings.conditioning().start(normal, epsilon, plan.startSignal(), plan.startNoise());
        return new Sample(
                attempt,
                preparation.region(attempt),
                noise,
                normal,
                epsilon,
                new SchedulerRun(plan, start),
                prepared.text(),
                guidance());
    }

    private Guidance guidance() {
        if (settings.attentionLoss().isEmpty() && settings.clipRefinement().isEmpty()) {
            return new Unguided();
        }
        var networks = new LossPasses.Networks(
                model.unet(),
                model.schedule(),
                settings.clipRefinement().isPresent() ? preparation.refinementDecoder() : model.vae(),
                model.clip(),
                options.tapeMemory());
        var passes = new LossPasses(networks, prepared, watch);
        if (settings.releasedGuidance().isPresent()) {
            var released = new ReleasedProcedure.Plan(
                    settings.releasedGuidance().orElseThrow(),
                    settings.attentionLoss().orElseThrow(),
                    settings.clipRefinement().orElseThrow(),
                    Math.max(1, plan.requestedSteps() - plan.startIndex()));
            return new ReleasedProcedure(released, prepared, passes, observer);
        }
        var papers = new PaperGuidance.Plan(
                settings.attentionLoss(),
                settings.latentUpdate(),
                settings.clipRefinement(),
                settings.promptRefinement(),
                settings.guidanceInterval(),
                settings.steps(),
                plan.steps().size());
        return new PaperGuidance(papers, prepared, passes);
    }

    private void stepped(Sample sample, Step step, int index) {
        double size = Math.hypot(step.signalAfter(), step.noiseAfter());
        watch.step(sample, index, step.timestep(), () -> {
            float[] latents = sample.run().sample();
            for (int i = 0; i < latents.length; i++) {
                latents[i] /= (float) size;
            }
            return prepared.frame().toImage(decode(latents));
        });
    }

    private float[] decode(float[] latents) {
        var frame = prepared.frame();
        float[] decoded = watch.pass(
                () -> model.vae().decode(model.vae().unscaled(latents), frame.latentRows(), frame.latentColumns()));
        checkFinite(decoded);
        return decoded;
    }

    /** Decodes, pastes back and annotates one sample. */
    private GeneratedAnomaly finish(Sample sample) {
        RgbImage part = prepared.frame().toPart(decode(sample.run().sample()));
        RgbImage image = sample.region().paste(part);
        var attention = new FinalAttention(prepared, sample);
        ScoreMap scores = attention.scores();
        Optional<ClipSimilarity> similarity = prepared.normalClip().length == 0
                ? Optional.empty()
                : Optional.of(ClipSimilarity.of(prepared, watch.pass(() -> preparation.look(image))));
        var evidence = new Annotation.Evidence(
                prepared.frame(), sample.region(), part, image, scores, similarity.map(ClipSimilarity::gain));
        Annotation annotation = Annotation.of(evidence, settings.acceptance());
        var provenance = RunRecord.of(
                model, new RunRecord.Of(request, settings, prepared, plan, sample, annotation, similarity));
        return new GeneratedAnomaly(
                image,
                annotation.mask(),
                scores,
                attention.words(),
                annotation.change(),
                annotation.verdict(),
                provenance);
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
}
