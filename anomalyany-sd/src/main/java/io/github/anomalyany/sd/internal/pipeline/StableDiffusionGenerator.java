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
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.sd.internal.pipeline.GenerationRun.Finished;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The anomaly generator on Stable Diffusion. One request is read from top to bottom in {@link #generate}. */
public final class StableDiffusionGenerator implements AnomalyGenerator {
    private final DiffusionModel model;
    private final GenerationSettings defaults;
    private final StableDiffusionOptions options;
    private final Gate gate = new Gate("generator");

    StableDiffusionGenerator(DiffusionModel model, GenerationSettings defaults, StableDiffusionOptions options) {
        this.model = model;
        this.defaults = defaults;
        this.options = options;
    }

    @Override
    public GenerationResult generate(GenerationRequest request, RunControl control) {
        gate.checkOpen();
        var preparation =
                new RequestPreparation(model, request, request.settings().orElse(defaults));
        var watch = new RunWatch(
                control,
                gate,
                request.count(),
                preparation.schedulePlan().steps().size());
        var results = new Results();
        try {
            var run = new GenerationRun(model, options, request, preparation, watch);
            var attempts = new ArrayDeque<Attempt>();
            for (int image = 0; image < request.count(); image++) {
                attempts.add(Attempt.first(image, request.seed()));
            }
            while (!attempts.isEmpty()) {
                run.make(next(attempts), finished -> {
                    results.add(finished);
                    watch.image(finished.made());
                    boolean mayRetry = finished.attempt().number() < request.retries();
                    if (!finished.made().verdict().accepted() && mayRetry) {
                        attempts.addFirst(finished.attempt().next());
                        watch.retry();
                    }
                });
            }
            return results.soFar(watch);
        } catch (GenerationException e) {
            e.addCompleted(results.soFar(watch));
            throw e;
        } catch (AnomalyAnyException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw withCompleted(
                    new GenerationException(
                            "the Java heap is too small for a picture of %d×%d: raise -Xmx, or scale the picture down"
                                    .formatted(
                                            request.normal().width(),
                                            request.normal().height()),
                            e),
                    results.soFar(watch));
        } catch (RuntimeException e) {
            throw gate.isClosed() ? e : withCompleted(failure(e, request, watch), results.soFar(watch));
        }
    }

    private List<Attempt> next(Deque<Attempt> attempts) {
        var batch = new ArrayList<Attempt>();
        while (batch.size() < options.batchSize() && !attempts.isEmpty()) {
            batch.add(attempts.removeFirst());
        }
        return batch;
    }

    private static GenerationException withCompleted(GenerationException e, GenerationResult completed) {
        e.addCompleted(completed);
        return e;
    }

    /** Pictures in the order of the request. */
    private static final class Results {
        private final List<Finished> all = new ArrayList<>();

        void add(Finished finished) {
            all.add(finished);
        }

        GenerationResult soFar(RunWatch watch) {
            all.sort(Comparator.comparingInt((Finished f) -> f.attempt().image())
                    .thenComparingInt(f -> f.attempt().number()));
            return new GenerationResult(select(true), select(false), watch.elapsed());
        }

        private List<GeneratedAnomaly> select(boolean accepted) {
            return all.stream()
                    .map(Finished::made)
                    .filter(made -> made.verdict().accepted() == accepted)
                    .toList();
        }
    }

    private GenerationException failure(RuntimeException e, GenerationRequest request, RunWatch watch) {
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
