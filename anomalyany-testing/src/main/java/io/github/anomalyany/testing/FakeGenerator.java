// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationListener.StepEvent;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.VisibleChange;
import io.github.anomalyany.WordAttention;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A generator without a model, for tests of code that uses one. It paints a disc of the opposite brightness inside the region and
 * keeps the promises of {@link AnomalyGenerator}: equal requests give equal bytes, other seeds other pictures, a mask of what
 * changed, cancellation, a listener that hears of every step. It takes microseconds where a model takes seconds.
 *
 * <pre>{@code
 * var generator = new FakeGenerator().rejectEvery(3);
 * new DatasetJob(generator).run(photos);
 * assertThat(generator.requests()).hasSize(photos.size());
 * }</pre>
 *
 * <p>Any thread may call it.
 */
public final class FakeGenerator implements AnomalyGenerator {
    /** Steps that the listener hears of for each picture. */
    public static final int STEPS = 4;

    private static final int MIDDLE = 128;
    private static final int CHANGE = 100;

    private final List<GenerationRequest> requests = new CopyOnWriteArrayList<>();
    private volatile int rejectEvery;
    private volatile @Nullable Supplier<? extends RuntimeException> failure;
    private volatile boolean closed;

    /** Makes a generator that accepts every picture. */
    public FakeGenerator() {}

    /**
     * Rejects every n-th attempt, as models do now and then. Retries of the request are made as they are by a model.
     *
     * @param n every which attempt, from 1; 1 rejects all
     * @return this generator
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public FakeGenerator rejectEvery(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("n must be at least 1 but was " + n);
        }
        rejectEvery = n;
        return this;
    }

    /**
     * Fails every call from now on.
     *
     * @param failure makes what is thrown, as {@code () -> new GenerationException("out of luck")}
     * @return this generator
     */
    public FakeGenerator failWith(Supplier<? extends RuntimeException> failure) {
        this.failure = failure;
        return this;
    }

    /**
     * What was asked for.
     *
     * @return the requests in order, those that failed too
     */
    public List<GenerationRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true once it was
     */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public GenerationResult generate(GenerationRequest request, RunControl control) {
        if (closed) {
            throw new IllegalStateException("generator is closed");
        }
        requests.add(request);
        if (failure != null) {
            throw failure.get();
        }
        return new Run(request, control).result();
    }

    @Override
    public void close() {
        closed = true;
    }

    /** One call. */
    private final class Run {
        private final GenerationRequest request;
        private final RunControl control;
        private final long start = System.nanoTime();
        private final List<GeneratedAnomaly> accepted = new ArrayList<>();
        private final List<GeneratedAnomaly> rejected = new ArrayList<>();
        private int attempts;
        private int stepsDone;

        Run(GenerationRequest request, RunControl control) {
            this.request = request;
            this.control = control;
        }

        GenerationResult result() {
            try {
                for (int image = 0; image < request.count(); image++) {
                    boolean done = false;
                    for (int attempt = 0; !done && attempt <= request.retries(); attempt++) {
                        done = attempt(image, attempt);
                    }
                }
            } catch (GenerationCancelledException e) {
                e.addCompleted(completed());
                throw e;
            }
            return completed();
        }

        private GenerationResult completed() {
            return new GenerationResult(accepted, rejected, elapsed());
        }

        private Duration elapsed() {
            return Duration.ofNanos(System.nanoTime() - start);
        }

        private boolean attempt(int image, int attempt) {
            for (int step = 0; step < STEPS; step++) {
                checkRunning();
                stepsDone++;
                var event = event(image, step);
                tell(() -> control.listener().onStep(event));
            }
            checkRunning();
            var made = paint(image, attempt);
            (made.verdict().accepted() ? accepted : rejected).add(made);
            tell(() -> control.listener().onImage(made));
            return made.verdict().accepted();
        }

        private void checkRunning() {
            if (closed) {
                throw new IllegalStateException("generator is closed");
            }
            control.stoppedBy(elapsed()).ifPresent(by -> {
                throw new GenerationCancelledException(
                        "cancelled by %s after %d steps".formatted(by, stepsDone), stepsDone);
            });
        }

        private StepEvent event(int image, int step) {
            return new StepEvent(
                    image,
                    request.count(),
                    step,
                    STEPS,
                    999 - 999.0 * step / STEPS,
                    OptionalDouble.of(0.5),
                    OptionalDouble.empty(),
                    elapsed(),
                    Duration.ZERO,
                    request::normal);
        }

        /** What a listener throws doesn't stop a run. */
        private void tell(Runnable news) {
            try {
                news.run();
            } catch (RuntimeException e) {
                // a generator logs it; there is no logger here
            }
        }

        private GeneratedAnomaly paint(int image, int attempt) {
            attempts++;
            long seed = new SplittableRandom(request.seed() + 31L * image + 1_000_003L * attempt).nextLong();
            var normal = request.normal();
            var changed = disc(region(seed, image), new SplittableRandom(seed));
            boolean reject = rejectEvery > 0 && attempts % rejectEvery == 0;
            return new GeneratedAnomaly(
                    inverted(normal, changed),
                    changed,
                    scores(changed),
                    request.emphasized().stream()
                            .map(word -> new WordAttention(word, 1, 1, new float[] {1}, 1, 0))
                            .toList(),
                    new VisibleChange(changed.area(), 40, 40, 40, 0, 1),
                    new Verdict(
                            reject
                                    ? List.of(new Reason(
                                            Criterion.FLAT_ATTENTION,
                                            "attempt %d, rejected on purpose".formatted(attempts)))
                                    : List.of()),
                    provenance(image, attempt, seed));
        }

        private Mask region(long seed, int image) {
            var normal = request.normal();
            var mask = request.region().propose(normal, seed, image);
            if (mask.width() != normal.width() || mask.height() != normal.height() || mask.isEmpty()) {
                throw new IllegalArgumentException(
                        "the region proposal %s must give a mask of %d×%d with a pixel, but gave %s"
                                .formatted(request.region().description(), normal.width(), normal.height(), mask));
            }
            return mask;
        }

        private Provenance provenance(int image, int attempt, long seed) {
            var entries = new LinkedHashMap<String, Object>();
            entries.put("generator", "fake");
            entries.put("prompt", request.anomaly());
            entries.put("emphasized", request.emphasized());
            entries.put("normal", request.normal().sha256());
            entries.put("seed", request.seed());
            entries.put("image", image);
            entries.put("attempt", attempt);
            return new Provenance("fake-%016x".formatted(seed), entries);
        }
    }

    /** The part of a region that lies in a disc around one of its pixels. */
    private static Mask disc(Mask region, SplittableRandom random) {
        int wanted = random.nextInt(Math.max(1, region.area()));
        int width = region.width();
        int height = region.height();
        int centre = 0;
        for (int i = 0; i < width * height; i++) {
            if (region.contains(i % width, i / width) && wanted-- == 0) {
                centre = i;
            }
        }
        double radius = Math.max(1, Math.min(width, height) / 8.0);
        var pixels = new boolean[width * height];
        for (int i = 0; i < pixels.length; i++) {
            double away = Math.hypot(i % width - centre % width, i / width - centre / width);
            pixels[i] = away <= radius && region.contains(i % width, i / width);
        }
        return Mask.of(width, height, pixels);
    }

    private static RgbImage inverted(RgbImage normal, Mask where) {
        byte[] rgb = normal.toBytes();
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            if (where.contains(pixel % normal.width(), pixel / normal.width())) {
                int value = rgb[i] & 0xff;
                rgb[i] = (byte) (value < MIDDLE ? value + CHANGE : value - CHANGE);
            }
        }
        return RgbImage.of(normal.width(), normal.height(), rgb);
    }

    private static ScoreMap scores(Mask changed) {
        var values = new float[changed.width() * changed.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = changed.contains(i % changed.width(), i / changed.width()) ? 1 : 0;
        }
        return ScoreMap.of(changed.width(), changed.height(), values);
    }
}
