// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateAnomalyTest {
    @TempDir
    private Path folder;

    private final ScriptedGenerator generator = new ScriptedGenerator();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void wrongOptionIsExplainedInOneLine() {
        assertThat(run("--bogus", "1")).isEqualTo(2);

        assertThat(errors()).startsWith("--bogus: no such option").endsWith("--help explains the options");
        assertThat(errors().lines()).hasSize(1);
        assertThat(generator.requests).isEmpty();
    }

    @Test
    void unknownDefectIsTheLibrarysMessageWithoutStackTrace() {
        assertThat(run("--prompt", "a zorgled brick")).isEqualTo(2);

        assertThat(errors())
                .contains("[a, zorgled, brick]")
                .contains("emphasize")
                .contains("--help");
        assertThat(errors().lines()).hasSize(1);
        assertThat(generator.requests).isEmpty();
    }

    @Test
    void maskOfAnotherSizeIsTheLibrarysMessage() throws IOException {
        var mask = folder.resolve("mask.png");
        Mask.rectangle(9, 9, new Region(1, 1, 3, 3)).write(mask);

        assertThat(run("--mask", mask.toString())).isEqualTo(2);

        assertThat(errors()).contains("256×256").contains("9×9");
    }

    @Test
    void photoThatIsNoPictureIsNamed() throws IOException {
        var text = Files.writeString(folder.resolve("text.png"), "no picture");

        assertThat(run("--image", text.toString(), "--prompt", "a brick with a crack"))
                .isEqualTo(1);

        assertThat(errors()).contains("text.png");
        assertThat(errors().lines()).hasSize(1);
    }

    @Test
    void modelThatCannotBeLoadedIsNamed() {
        var program = new GenerateAnomaly(
                model -> {
                    throw new ModelLoadException(model.resolve("unet"), "no such folder");
                },
                stream(out),
                stream(err),
                false);

        assertThat(program.run(outAnd("--model", folder.toString()))).isEqualTo(1);

        assertThat(errors()).isEqualTo(folder.resolve("unet") + ": no such folder");
    }

    @Test
    void folderThatCannotBeMadeStopsItBeforeTheWork() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        var status = program()
                .run(
                        "--model",
                        folder.toString(),
                        "--out",
                        file.resolve("below").toString());

        assertThat(status).isEqualTo(1);
        assertThat(errors()).contains(file.toString());
        assertThat(generator.requests).isEmpty();
    }

    @Test
    void helpIsPrinted() {
        assertThat(program().run("--seed", "--help")).isZero();

        assertThat(out.toString(UTF_8)).contains("--image FILE");
    }

    @Test
    void withoutOptionsMakesAnAnomalyOfTheSamplePhoto() {
        assertThat(run()).isZero();

        assertThat(generator.requests).hasSize(1);
        var request = generator.requests.get(0);
        assertThat(request.anomaly()).isEqualTo(Arguments.SAMPLE_PROMPT);
        assertThat(request.normal().width()).isEqualTo(256);
        assertThat(generator.closed).isTrue();
    }

    @Test
    void writesEverythingIntoOneFolder() throws IOException {
        assertThat(run()).isZero();

        assertThat(filesWritten())
                .containsExactly("anomaly.png", "contact-sheet.png", "heatmap.png", "mask.png", "provenance.json");
        var normal = generator.requests.get(0).normal();
        var anomaly = made("anomaly.png");
        assertThat(anomaly.rgb(0, 0)).isZero();
        assertThat(anomaly.rgb(1, 0)).isEqualTo(normal.rgb(1, 0));
        assertThat(Mask.read(results().resolve("mask.png")).area()).isEqualTo(1);
        assertThat(made("heatmap.png").rgb(1, 0)).isEqualTo(normal.rgb(1, 0));
        assertThat(made("contact-sheet.png").width()).isEqualTo(4 * 256 + 5 * 8);
    }

    @Test
    void provenanceIsInItsFileAndInThePicture() throws IOException {
        assertThat(run()).isZero();

        var json = Files.readString(results().resolve("provenance.json"));
        assertThat(json).contains("\"index\"");
        assertThat(RgbImage.readPngText(results().resolve("anomaly.png"))).containsEntry(Provenance.PNG_KEYWORD, json);
    }

    @Test
    void numbersSeveralPicturesAndWritesRejectedOnesToo() throws IOException {
        assertThat(run("--count", "11")).isZero();

        assertThat(filesWritten()).hasSize(55).contains("anomaly-01.png", "provenance-11.json");
        assertThat(out.toString(UTF_8)).contains("rejected: no visible change").contains("6 of 11 accepted, in 1.2 s");
    }

    @Test
    void tellsProgressVerdictAndFiles() {
        assertThat(run()).isZero();

        assertThat(out.toString(UTF_8).lines())
                .anyMatch(line -> line.startsWith("step 5 of 5"))
                .contains(
                        "accepted: 1 pixels differ by 10.0 on average (2.3 is just noticeable)",
                        "  " + results().resolve("anomaly.png"),
                        "1 of 1 accepted, in 1.2 s");
    }

    @Test
    void passesTheOptionsOn() throws IOException {
        var photo = folder.resolve("photo.png");
        RgbImage.of(9, 9, new byte[243]).write(photo);
        var mask = folder.resolve("mask.png");
        Mask.rectangle(9, 9, new Region(1, 1, 3, 3)).write(mask);

        var status = run(
                "--image;%s;--mask;%s;--prompt;a zorgled brick;--emphasize;zorgled;--seed;5;--count;2;--retries;4;--preset;fast"
                        .formatted(photo, mask)
                        .split(";", -1));

        assertThat(status).isZero();
        var request = generator.requests.get(0);
        assertThat(request.normal()).isEqualTo(RgbImage.read(photo));
        assertThat(request.region().propose(request.normal(), 0, 0)).isEqualTo(Mask.read(mask));
        assertThat(request.retries()).isEqualTo(4);
        assertThat(request.emphasized()).containsExactly("zorgled");
        assertThat(request.seed()).isEqualTo(5);
        assertThat(request.count()).isEqualTo(2);
        assertThat(request.settings())
                .hasValueSatisfying(settings -> assertThat(settings.steps()).isEqualTo(50));
    }

    @Test
    void writesIntoALinkedFolder() throws IOException {
        Files.createDirectory(folder.resolve("disk"));
        Files.createSymbolicLink(results(), folder.resolve("disk"));

        assertThat(run()).isZero();

        assertThat(folder.resolve("disk/anomaly.png")).exists();
    }

    private int run(String... args) {
        return program().run(outAnd(args));
    }

    /** The options, the folder for results, and a model so that none is unpacked. */
    private String[] outAnd(String... args) {
        var all = new ArrayList<>(Arrays.asList(args));
        all.addAll(List.of("--out", results().toString()));
        if (!all.contains("--model")) {
            all.addAll(List.of("--model", folder.toString()));
        }
        return all.toArray(String[]::new);
    }

    private GenerateAnomaly program() {
        return new GenerateAnomaly(model -> generator, stream(out), stream(err), false);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }

    private String errors() {
        return err.toString(UTF_8).strip();
    }

    private Path results() {
        return folder.resolve("results");
    }

    private RgbImage made(String name) throws IOException {
        return RgbImage.read(results().resolve(name));
    }

    private List<String> filesWritten() throws IOException {
        try (var files = Files.list(results())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
