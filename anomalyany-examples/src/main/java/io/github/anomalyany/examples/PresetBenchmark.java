// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Times one preset on the model and picture of a recorded run and prints one JSON line: seconds of the run, loading left out,
 * peak memory, loading included. One preset a process, so that peaks don't mix.
 *
 * <p>Usage: {@code PresetBenchmark FOLDER anomaly-any|cut|reference|fast}, the folder being {@code reference-trace} of the
 * goldens.
 */
public final class PresetBenchmark {
    private PresetBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args see the class
     * @throws IOException if a picture can't be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            System.err.println("usage: PresetBenchmark FOLDER anomaly-any|cut|reference|fast");
            System.exit(2);
        }
        var folder = Path.of(args[0]);
        GenerationSettings preset = Arguments.preset(args[1]);
        var request = GenerationRequest.builder()
                .normal(RgbImage.read(folder.resolve("trace-a-input.png")))
                .region(Mask.read(folder.resolve("trace-a-mask.png")))
                .anomaly("a photo of a hazelnut with a crack on it")
                .description("a photo of a hazelnut with a large, jagged crack exposing the interior.")
                .settings(preset)
                .build();
        try (var generator = AnomalyGenerator.builder()
                .modelDirectory(folder.resolve("bundle"))
                .clipDirectory(folder.resolve("clip"))
                .device(Device.cpu())
                .build()) {
            var result = generator.generate(request);
            var made = List.of(result.accepted(), result.rejected()).stream()
                    .flatMap(List::stream)
                    .findFirst()
                    .orElseThrow();
            System.out.println(String.format(
                    Locale.ROOT,
                    "{\"preset\": \"%s\", \"seconds\": %.2f, \"peak_rss_mib\": %.0f, \"passes\": \"%s\"}",
                    args[1],
                    result.elapsed().toNanos() / 1e9,
                    ProcessMemory.peak(),
                    made.provenance().entries().get("passes")));
        }
    }
}
