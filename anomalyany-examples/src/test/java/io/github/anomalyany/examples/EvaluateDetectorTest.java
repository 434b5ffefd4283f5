// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.vlad.VladDetector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluateDetectorTest {
    private static final int SIDE = 64;
    private static final Mask MIDDLE = DrawnPictures.middle(SIDE, SIDE);

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private int loads;

    @Test
    void wrongOptionIsExplainedInOneLine() {
        assertThat(run("--shots", "0")).isEqualTo(2);

        assertThat(err.toString(UTF_8).lines())
                .hasSize(1)
                .allMatch(line -> line.endsWith("--help explains the options"));
    }

    @Test
    void folderThatIsNoDatasetIsExplained() {
        assertThat(run()).isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains("is no dataset");
        assertThat(loads).isZero();
    }

    @Test
    void tooManyShotsStopItBeforeTheModelIsLoaded() throws IOException {
        draw();

        assertThat(run("--shots", "1,3")).isEqualTo(2);

        assertThat(err.toString(UTF_8))
                .startsWith("--shots must be at most 2, the number of good pictures of nut, but had 3");
        assertThat(loads).isZero();
    }

    @Test
    void helpNamesEveryOption() {
        assertThat(run("--help")).isZero();

        assertThat(out.toString(UTF_8)).contains("DATASET", "--model", "--shots", "--seeds", "--methods", "--adapters");
    }

    @Test
    void evaluatesTheBuiltInModelAndGoesOnWhereItWas() throws IOException {
        draw();
        var output = folder.resolve("out");
        String[] options = {"--shots", "1", "--seeds", "2", "--side", "64", "--out", output.toString()};

        assertThat(run(options)).as(() -> err.toString(UTF_8)).isZero();

        assertThat(out.toString(UTF_8))
                .contains("1 of 3: nut, zero-shot, 0-shot, seed 0, about ")
                .contains("3 of 3: nut, bank, 1-shot, seed 1, about 0 s left")
                .contains("| 0 | zero-shot | ")
                .contains("| 1 | bank | ")
                .endsWith(output.resolve("index.html") + System.lineSeparator());
        assertThat(output.resolve("report.md")).exists();
        var report = Files.readString(output.resolve("report.json"));

        out.reset();
        assertThat(run(options)).isZero();

        assertThat(out.toString(UTF_8)).contains("3 of 3: nut, bank, 1-shot, seed 1 (done before), about 0 s left");
        assertThat(output.resolve("report.json")).hasContent(report);
    }

    /** Nuts, two of them with a dark spot. */
    private void draw() throws IOException {
        for (var name : List.of("train/good/000", "train/good/001", "test/good/000", "test/good/001")) {
            nut(name, 0xc08030);
        }
        for (var name : List.of("000", "001")) {
            nut("test/spot/" + name, 0x102030);
            MIDDLE.write(made("ground_truth/spot/" + name + "_mask"));
        }
    }

    private void nut(String name, int colour) throws IOException {
        DrawnPictures.object(MIDDLE, colour, 0x203040, name.hashCode()).write(made(name));
    }

    private Path made(String name) throws IOException {
        var file = folder.resolve("data/nut/" + name + ".png");
        Files.createDirectories(file.resolveSibling(""));
        return file;
    }

    private int run(String... options) {
        var args = new ArrayList<>(List.of(folder.resolve("data").toString()));
        args.addAll(Arrays.asList(options));
        try {
            Files.createDirectories(folder.resolve("data"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new EvaluateDetector(this::load, stream(out), stream(err), false).run(args.toArray(String[]::new));
    }

    private VladDetector load(Path model, Optional<Path> adapters) {
        loads++;
        return EvaluateDetector.load(model, adapters);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }
}
