// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Presets and single options: each runs to the end, and gives the same bytes again, in another JVM too. */
class EveryOptionTest {
    @Test
    void givesTheSameBytesAgainAndInAFreshJvm() throws Exception {
        var first = new LinkedHashMap<String, String>();
        try (var generator = AnomalyGenerator.builder()
                .modelDirectory(TinyModels.directory())
                .device(Device.cpu())
                .build()) {
            EveryOption.requests().forEach((name, request) -> first.put(name, EveryOption.digest(generator, request)));
            var again = EveryOption.digest(
                    generator, Objects.requireNonNull(EveryOption.requests().get("anomalyAny")));
            assertThat(first).containsEntry("anomalyAny", again);
        }
        assertThat(freshJvm()).isEqualTo(first);
        assertThat(first.values()).as("every option makes a difference").doesNotHaveDuplicates();
    }

    private static Map<String, String> freshJvm() throws IOException, InterruptedException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-Dai.djl.offline=true",
                "-DOPT_OUT_TRACKING=true",
                "-cp",
                System.getProperty("java.class.path"),
                EveryOption.class.getName());
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var digests = new LinkedHashMap<String, String>();
        try (var lines = process.inputReader(UTF_8)) {
            lines.lines().forEach(line -> {
                int space = line.lastIndexOf(' ');
                digests.put(line.substring(0, space), line.substring(space + 1));
            });
        }
        assertThat(process.waitFor()).isZero();
        return digests;
    }

    @Test
    void everyPresetPrintsAllItsNumbers() {
        EveryOption.presets()
                .forEach((name, preset) -> assertThat(preset.toString())
                        .as(name)
                        .contains(
                                "steps=",
                                "guidanceScale=",
                                "scheduler=",
                                "conditioning=",
                                "guidanceInterval=",
                                "acceptance="));
        assertThat(EveryOption.presets().get("reference"))
                .asString()
                .contains(
                        "steps=200", "guidanceScale=12.5", "pndm()", "released(0.3)", "passes=10", "scaleFactor=50.0");
        assertThat(EveryOption.presets().get("anomalyAny"))
                .asString()
                .contains("steps=100", "strength(0.25)", "scale=10.0", "share=0.3", "cosine");
    }
}
