// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Looks at many pictures from several threads in one process, on the built-in model; prints how many scores differ from those
 * of one thread, and how resident memory went, as a JSON line.
 *
 * <p>Usage: {@code DetectorEndurance [DETECTIONS] [THREADS]}, default 2000 and 4.
 */
public final class DetectorEndurance {
    private static final int SIDE = 256;
    private static final int PICTURES = 20;

    private DetectorEndurance() {}

    /**
     * Runs the test.
     *
     * @param args see the class
     * @throws Exception if {@code /proc} can't be read or a detection fails
     */
    public static void main(String[] args) throws Exception {
        int detections = args.length > 0 ? Integer.parseInt(args[0]) : 2000;
        int threads = args.length > 1 ? Integer.parseInt(args[1]) : 4;
        try (var detector =
                VladDetector.builder().modelDirectory(TinyModels.directory()).build()) {
            var pictures = new ArrayList<RgbImage>();
            for (int i = 0; i < PICTURES; i++) {
                pictures.add(picture(i));
            }
            var bank = detector.index("wood", pictures.subList(0, 4));
            double[] alone = pictures.stream()
                    .mapToDouble(picture -> detector.detect(picture, bank).score())
                    .toArray();
            run(detector, bank, pictures, alone, detections, threads);
        }
    }

    /** Resident memory after each detection: the mean of the last half against that of the first. */
    private static void run(
            VladDetector detector,
            ReferenceBank bank,
            List<RgbImage> pictures,
            double[] alone,
            int detections,
            int threads)
            throws Exception {
        double[] resident = new double[detections];
        var tasks = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < detections; i++) {
            int number = i;
            tasks.add(() -> {
                int picture = number % PICTURES;
                double score = detector.detect(pictures.get(picture), bank).score();
                resident[number] = ProcessMemory.now();
                return Double.compare(score, alone[picture]) == 0;
            });
        }
        long start = System.nanoTime();
        int different = 0;
        var pool = Executors.newFixedThreadPool(threads);
        try {
            for (var result : pool.invokeAll(tasks)) {
                different += result.get() ? 0 : 1;
            }
        } finally {
            pool.shutdown();
        }
        print(detections, threads, different, resident, (System.nanoTime() - start) / 1e9);
    }

    private static RgbImage picture(long seed) {
        var random = new SplittableRandom(seed);
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (110 + 40 * (i / 3 % SIDE / 20 % 2) + random.nextInt(20));
        }
        return RgbImage.of(SIDE, SIDE, rgb);
    }

    private static void print(int detections, int threads, int different, double[] resident, double seconds)
            throws IOException {
        double first = Arrays.stream(resident, 0, detections / 2).average().orElse(0);
        double last =
                Arrays.stream(resident, detections / 2, detections).average().orElse(0);
        System.out.println(String.format(
                Locale.ROOT,
                "{\"detections\": %d, \"threads\": %d, \"other_scores\": %d, \"seconds\": %.1f, \"rss_first_half_mib\": %.1f,"
                        + " \"rss_second_half_mib\": %.1f, \"growth\": %.4f, \"peak_mib\": %.0f}",
                detections,
                threads,
                different,
                seconds,
                first,
                last,
                last / first - 1,
                ProcessMemory.peak()));
    }
}
