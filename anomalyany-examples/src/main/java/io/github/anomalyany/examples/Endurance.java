// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes many pictures in one process and cancels many runs at random moments, on the built-in model; prints how resident memory
 * went and how long cancelled runs took to return, as JSON lines.
 *
 * <p>Usage: {@code Endurance [IMAGES] [CANCELLATIONS]}, default 200 and 50.
 */
public final class Endurance {
    private static final int SIDE = 256;

    private Endurance() {}

    /**
     * Runs the test.
     *
     * @param args see the class
     * @throws Exception if {@code /proc} can't be read or a run fails
     */
    public static void main(String[] args) throws Exception {
        int images = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int cancellations = args.length > 1 ? Integer.parseInt(args[1]) : 50;
        try (var generator = TinyModels.generator().build()) {
            cancel(generator, cancellations);
            make(generator, images);
        }
    }

    private static GenerationRequest.Builder request() {
        var random = new SplittableRandom(1);
        var bytes = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (110 + 40 * (i / 3 % SIDE / 20 % 2) + random.nextInt(20));
        }
        return GenerationRequest.builder()
                .normal(RgbImage.of(SIDE, SIDE, bytes))
                .region(Mask.ellipse(SIDE, SIDE, new Region(60, 60, 120, 100)))
                .anomaly("a photo of wood with a hole");
    }

    /** Resident memory after each picture: the mean of the second half against the first's. */
    private static void make(AnomalyGenerator generator, int images) throws IOException {
        var settings = GenerationSettings.fast();
        var resident = new double[images];
        for (int i = 0; i < images; i++) {
            generator.generate(request().seed(i).settings(settings).build());
            resident[i] = ProcessMemory.now();
        }
        double first = Arrays.stream(resident, 0, images / 2).average().orElse(0);
        double last = Arrays.stream(resident, images / 2, images).average().orElse(0);
        System.out.println(String.format(
                Locale.ROOT,
                "{\"images\": %d, \"rss_first_half_mib\": %.1f, \"rss_second_half_mib\": %.1f, \"growth\": %.4f}",
                images,
                first,
                last,
                last / first - 1));
    }

    /** Time from a cancellation at a random moment to the run's return, against the mean time of a step's guided pass. */
    private static void cancel(AnomalyGenerator generator, int count) throws InterruptedException {
        var settings = GenerationSettings.anomalyAny().toBuilder()
                .promptRefinement(PromptRefinement.standard().withTarget(RefinementTarget.PREDICTED_ORIGINAL))
                .build();
        var request = request().settings(settings).build();
        long whole = generator.generate(request).elapsed().toNanos();
        double pass = passMillis(generator);
        var random = new SplittableRandom(7);
        var waits = new double[count];
        for (int i = 0; i < count; i++) {
            var token = new CancellationToken();
            var cancelled = new AtomicLong();
            long delay = random.nextLong(whole / 1_000_000);
            var canceller = new Thread(() -> {
                try {
                    Thread.sleep(delay);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                cancelled.set(System.nanoTime());
                token.cancel();
            });
            canceller.start();
            try {
                generator.generate(request, RunControl.none().withToken(token));
            } catch (GenerationCancelledException e) {
                waits[i] = (System.nanoTime() - cancelled.get()) / 1e6;
            }
            canceller.join();
        }
        Arrays.sort(waits);
        System.out.println(String.format(
                Locale.ROOT,
                "{\"cancellations\": %d, \"median_ms\": %.1f, \"longest_ms\": %.1f, \"guided_pass_ms\": %.1f}",
                count,
                waits[count / 2],
                waits[count - 1],
                pass));
    }

    /** Milliseconds of a step without guidance, which is one guided pass through the network. */
    private static double passMillis(AnomalyGenerator generator) {
        var plain = GenerationSettings.imageToImage();
        var one = plain.toBuilder().steps(40).build();
        var two = plain.toBuilder().steps(80).build();
        generator.generate(request().settings(one).build());
        long less =
                generator.generate(request().settings(one).build()).elapsed().toNanos();
        long more =
                generator.generate(request().settings(two).build()).elapsed().toNanos();
        return (more - less) / 10.0 / 1e6;
    }
}
