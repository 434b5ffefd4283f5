// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationListener.StepEvent;
import io.github.anomalyany.RunControl;
import java.time.Duration;
import java.util.OptionalDouble;
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
    private final long start = System.nanoTime();
    private int stepsDone;

    RunWatch(RunControl control, Gate gate, int images, int steps) {
        this.control = control;
        this.gate = gate;
        this.images = images;
        this.steps = steps;
    }

    /** Runs one pass through a network, unless the run was cancelled or the generator closed. */
    <T> T pass(Supplier<T> body) {
        checkCancelled();
        return gate.pass(body);
    }

    private void checkCancelled() {
        boolean interrupted = Thread.currentThread().isInterrupted();
        if (interrupted || control.token().isCancelled()) {
            throw new GenerationCancelledException(
                    "cancelled by %s after %d of %d steps"
                            .formatted(interrupted ? "an interrupt" : "its token", stepsDone, steps * images),
                    stepsDone);
        }
    }

    /** One image finished a step. */
    void step(int image, int step, double timestep, OptionalDouble attentionLoss, OptionalDouble clipLoss) {
        stepsDone++;
        Duration elapsed = elapsed();
        Duration remaining =
                elapsed.multipliedBy((long) steps * images - stepsDone).dividedBy(stepsDone);
        var event = new StepEvent(image, images, step, steps, timestep, attentionLoss, clipLoss, elapsed, remaining);
        tell(listener -> listener.onStep(event));
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
