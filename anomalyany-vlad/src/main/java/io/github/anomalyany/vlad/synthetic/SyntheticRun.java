// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.vlad.synthetic.SyntheticMethod.Drawing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way. Belongs to one thread. */
final class SyntheticRun {
    /** Drawings that may leave a picture as it is before it is given up. */
    static final int DRAWINGS = 100;

    private static final Logger log = LoggerFactory.getLogger(SyntheticRun.class);

    private final SyntheticMethod method;
    private final GenerationRequest request;
    private final RunControl control;
    private final Runnable checkOpen;
    private final long start = System.nanoTime();
    private final List<GeneratedAnomaly> accepted = new ArrayList<>();
    private final List<GeneratedAnomaly> rejected = new ArrayList<>();
    private int done;

    SyntheticRun(SyntheticMethod method, GenerationRequest request, RunControl control, Runnable checkOpen) {
        this.method = method;
        this.request = request;
        this.control = control;
        this.checkOpen = checkOpen;
    }

    GenerationResult make() {
        Mask firstRegion = region(Attempt.first(0, request.seed())); // a region that doesn't fit is a wrong argument
        try {
            for (; done < request.count(); done++) {
                makeImage(firstRegion);
            }
            return soFar();
        } catch (GenerationException e) {
            e.addCompleted(soFar());
            throw e;
        }
    }

    private void makeImage(Mask firstRegion) {
        boolean accept = false;
        for (var attempt = Attempt.first(done, request.seed());
                !accept && attempt.number <= request.retries();
                attempt = attempt.next()) {
            boolean first = done == 0 && attempt.number == 0;
            GeneratedAnomaly made = make(attempt, first ? firstRegion : laterRegion(attempt));
            accept = made.verdict().accepted();
            (accept ? accepted : rejected).add(made);
            tell(made);
        }
    }

    private GeneratedAnomaly make(Attempt attempt, Mask region) {
        var random = new Draws(attempt.seed, attempt.image);
        int drawings = 0;
        Drawing drawing;
        do {
            checkRunning();
            drawing = method.draw(request.normal(), region, random);
            drawings++;
        } while (drawings < DRAWINGS && drawing.image().equals(request.normal()));
        return new SyntheticRecord(method.name(), request, attempt, region, drawing, drawings).toAnomaly();
    }

    private Mask laterRegion(Attempt attempt) {
        try {
            return region(attempt);
        } catch (RuntimeException e) {
            throw new GenerationException(
                    "the region proposal failed with seed %d for picture %d: %s"
                            .formatted(attempt.seed, attempt.image, e.getMessage()),
                    e);
        }
    }

    private Mask region(Attempt attempt) {
        var normal = request.normal();
        Mask mask = request.region().propose(normal, attempt.seed, attempt.image);
        if (mask.width() != normal.width() || mask.height() != normal.height() || mask.isEmpty()) {
            throw new IllegalArgumentException(
                    "the region proposal %s must give a mask of %d×%d with at least one pixel but"
                                    .formatted(request.region().description(), normal.width(), normal.height())
                            + " gave %d×%d with %d".formatted(mask.width(), mask.height(), mask.area()));
        }
        return mask;
    }

    /** Ends the run if somebody asked for it. */
    private void checkRunning() {
        checkOpen.run();
        control.stoppedBy(elapsed()).ifPresent(by -> {
            throw new GenerationCancelledException(
                    "cancelled by %s after %d of %d pictures".formatted(by, done, request.count()), 0);
        });
    }

    private void tell(GeneratedAnomaly made) {
        try {
            control.listener().onImage(made);
        } catch (RuntimeException e) {
            log.warn("a generation listener threw; the run goes on", e);
        }
    }

    private GenerationResult soFar() {
        return new GenerationResult(accepted, rejected, elapsed());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * One try at one picture of a request.
     *
     * @param image index in the request
     * @param number 0 for the first try
     * @param seed seed of all its random numbers
     */
    record Attempt(int image, int number, long seed) {
        /** The first try, which has the request's own seed. */
        static Attempt first(int image, long seed) {
            return new Attempt(image, 0, seed);
        }

        /** The next try, with a seed that follows from this one's (the finaliser of SplitMix64). */
        Attempt next() {
            long z = seed + 0x9e3779b97f4a7c15L;
            z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
            z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
            return new Attempt(image, number + 1, z ^ z >>> 31);
        }
    }
}
