// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AblationTest {
    @TempDir
    private Path folder;

    private final ScriptedGenerator generator = new ScriptedGenerator();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void wrongOptionIsExplainedInOneLine() {
        assertThat(run("--kinds", "moon")).isEqualTo(2);

        assertThat(err.toString(UTF_8).lines())
                .hasSize(1)
                .allMatch(line -> line.endsWith("--help explains the options"));
        assertThat(generator.requests).isEmpty();
    }

    @Test
    void modelThatCannotBeLoadedIsNamed() {
        var program = new Ablation(
                () -> {
                    throw new ModelLoadException(Path.of("unet"), "no such folder");
                },
                stream(out),
                stream(err));

        assertThat(program.run("--out", folder.toString())).isEqualTo(1);
        assertThat(err.toString(UTF_8)).startsWith("unet: no such folder");
    }

    @Test
    void folderThatCannotBeMadeStopsItBeforeTheWork() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThat(run("--out", file.resolve("below").toString())).isEqualTo(1);
        assertThat(generator.requests).isEmpty();
    }

    @Test
    void helpNamesEveryVariantButPlain() {
        assertThat(run("--help")).isZero();

        assertThat(Stream.of(AblationVariant.values()).skip(1))
                .allSatisfy(variant -> assertThat(out.toString(UTF_8)).contains(variant.option()));
    }

    @Test
    void variantsOfACaseDifferInNothingButSettings() {
        runSmall();

        assertThat(generator.requests).hasSize(2 * 2 * 3);
        for (int i = 0; i < generator.requests.size(); i++) {
            var first = generator.requests.get(i / 3 * 3);
            var request = generator.requests.get(i);
            assertThat(request.normal()).isEqualTo(first.normal());
            assertThat(request.anomaly()).isEqualTo(first.anomaly());
            assertThat(request.seed()).isEqualTo(first.seed());
            assertThat(request.retries()).isZero();
            assertThat(request.region().propose(request.normal(), 0, 0))
                    .isEqualTo(first.region().propose(first.normal(), 0, 0));
        }
        assertThat(generator.closed).isTrue();
    }

    @Test
    void writesTheReportAndASheetOfTheFirstSeed() throws IOException {
        runSmall();

        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("README.md", "tile.jpg");
        }
        var sheet = RgbImage.read(folder.resolve("tile.jpg"));
        assertThat(sheet.width()).isEqualTo(5 * 128 + 6 * 8);
        assertThat(sheet.height()).isEqualTo(2 * (8 + PixelText.HEIGHT + 8 + 128 + 8));
        assertThat(report())
                .contains("![tile: normal, variants, mask](tile.jpg)")
                .contains("Versions: fake `1`");
    }

    @Test
    void tellsProgress() {
        runSmall();

        assertThat(out.toString(UTF_8).lines())
                .anyMatch(line ->
                        line.startsWith("12 of 12: a photo of a tile with a hole, seed 1, clip: accepted, 1.2 s"));
    }

    @Test
    void equalRunsWriteEqualFiles() throws IOException {
        runSmall();
        var report = report();
        byte[] sheet = Files.readAllBytes(folder.resolve("tile.jpg"));

        runSmall();

        assertThat(report()).isEqualTo(report);
        assertThat(Files.readAllBytes(folder.resolve("tile.jpg"))).isEqualTo(sheet);
    }

    private void runSmall() {
        assertThat(run(
                        "--kinds",
                        "tile",
                        "--defects",
                        "crack,hole",
                        "--seeds",
                        "2",
                        "--variants",
                        "blend,clip",
                        "--out",
                        folder.toString()))
                .as(() -> err.toString(UTF_8))
                .isZero();
    }

    private String report() throws IOException {
        return Files.readString(folder.resolve("README.md"));
    }

    private int run(String... args) {
        return new Ablation(() -> generator, stream(out), stream(err)).run(args);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }
}
