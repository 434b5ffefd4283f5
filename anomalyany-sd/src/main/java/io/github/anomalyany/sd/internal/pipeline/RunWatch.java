// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationListener.StepEvent;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.djl.Checkpoint;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.image.RgbImage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one run: lets passes through, stops it when asked to, counts, and tells the listener. Belongs to one thread. */
final class RunWatch {
    private static final Logger log = LoggerFactory.getLogger(RunWatch.class);

    private final RunControl control;
    private final Gate gate;
    private final int images;
    private final int steps;
    private int attempts;
    private final long start = System.nanoTime();
    private int stepsDone;

    RunWatch(RunControl control, Gate gate, int images, int steps) {
        this.control = control;
        this.gate = gate;
        this.images = images;
        this.attempts = images;
        this.steps = steps;
    }

    /** Runs one pass through a network, unless the generator is closed; ends it between two blocks if the run is cancelled. */
    <T> T pass(Supplier<T> body) {
        checkRunning();
        return gate.pass(() -> Checkpoint.during(this::checkRunning, body));
    }

    /** Ends the run if somebody asked for it. */
    private void checkRunning() {
        control.stoppedBy(elapsed()).ifPresent(by -> {
            throw new GenerationCancelledException(
                    "cancelled by %s after %d of %d steps".formatted(by, stepsDone, (long) steps * attempts),
                    stepsDone);
        });
    }

    /** One sample finished a step. The preview is made on request. */
    void step(Sample sample, int step, double timestep, Supplier<RgbImage> preview) {
        stepsDone++;
        Duration elapsed = elapsed();
        Duration remaining =
                elapsed.multipliedBy((long) steps * attempts - stepsDone).dividedBy(stepsDone);
        var tally = sample.guidance().tally();
        var telling = new AtomicBoolean(true);
        var event = new StepEvent(
                sample.attempt().image(),
                images,
                step,
                steps,
                timestep,
                tally.attentionLoss(),
                tally.imageLoss(),
                elapsed,
                remaining,
                () -> {
                    if (!telling.get()) {
                        throw new IllegalStateException("a preview must be asked for during onStep");
                    }
                    return preview.get();
                });
        tell(listener -> listener.onStep(event));
        telling.set(false);
    }

    /** One more attempt than expected will be made. */
    void retry() {
        attempts++;
    }

    /** Steps made, of all images. */
    int stepsDone() {
        return stepsDone;
    }

    void image(GeneratedAnomaly made) {
        tell(listener -> listener.onImage(made));
    }

    private void tell(Consumer<GenerationListener> news) {
        try {
            news.accept(control.listener());
        } catch (RuntimeException e) {
            log.warn("a generation listener threw; the run goes on", e);
        }
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
