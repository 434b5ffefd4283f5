// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.Device;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Times detection on a CLIP folder and prints one JSON line a case: {@code zero_shot}, then {@code detect} with a bank of some
 * pictures. The difference is the bank's search. Only ratios to a peer timed in the same run on an otherwise idle machine mean
 * anything.
 *
 * <p>Usage: {@code DetectorBenchmark FOLDER [--side 518] [--references 4] [--runs 5]}. Threads: {@code
 * -Dai.djl.pytorch.num_threads=N}.
 */
public final class DetectorBenchmark {
    private DetectorBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args see the class
     * @throws IOException if {@code /proc} can't be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length == 0) {
            System.err.println("usage: DetectorBenchmark FOLDER [--side 518] [--references 4] [--runs 5]");
            System.exit(2);
        }
        int side = option(args, "--side", 518);
        int references = option(args, "--references", 4);
        int runs = option(args, "--runs", 5);
        var settings = VladSettings.sdk().toBuilder().inputSide(side).build();
        try (var detector = VladDetector.builder()
                .modelDirectory(Path.of(args[0]))
                .device(Device.cpu())
                .settings(settings)
                .build()) {
            var normals = new ArrayList<RgbImage>();
            for (int i = 0; i < references; i++) {
                normals.add(picture(side, i));
            }
            var bank = detector.index("object", normals);
            var image = picture(side, references);
            double[] plain = new double[runs];
            double[] compared = new double[runs];
            for (int run = -1; run < runs; run++) { // the first one warms up
                double zeroShot = milliseconds(() -> detector.detect(image, "object"));
                double detect = milliseconds(() -> detector.detect(image, bank));
                if (run >= 0) {
                    plain[run] = zeroShot;
                    compared[run] = detect;
                }
            }
            print("zero_shot", plain, bank.sizeInBytes());
            print("detect", compared, bank.sizeInBytes());
        }
    }

    private static int option(String[] args, String name, int otherwise) {
        int at = List.of(args).indexOf(name);
        return at < 0 || at + 1 == args.length ? otherwise : Integer.parseInt(args[at + 1]);
    }

    private static RgbImage picture(int side, long seed) {
        byte[] rgb = new byte[3 * side * side];
        new SplittableRandom(seed).nextBytes(rgb);
        return RgbImage.of(side, side, rgb);
    }

    private static double milliseconds(Runnable body) {
        long start = System.nanoTime();
        body.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static void print(String name, double[] times, long bankBytes) throws IOException {
        Arrays.sort(times);
        System.out.println(String.format(
                Locale.ROOT,
                "{\"case\": \"%s\", \"median_ms\": %.2f, \"min_ms\": %.2f, \"peak_rss_mib\": %.0f, \"bank_mib\": %.1f}",
                name,
                times[times.length / 2],
                times[0],
                ProcessMemory.peak(),
                bankBytes / 1048576.0));
    }
}
