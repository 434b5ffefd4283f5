// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloseTheLoopTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void refusesADatasetThatIsNotThere() {
        assertThat(run("--dataset", folder.resolve("nothing").toString())).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("nothing: no such folder; --help explains the options");
    }

    @Test
    void refusesMoreShotsThanThereAreGoodPictures() throws IOException {
        draw();

        assertThat(run("--dataset", folder.resolve("data").toString(), "--shots", "3"))
                .isEqualTo(2);

        assertThat(err.toString(UTF_8))
                .startsWith("--shots must be at most 2, the number of good pictures of brick, but had 3");
    }

    @Test
    void generatesTrainsAndEvaluatesAndSaysWhoWins() throws IOException {
        draw();
        var output = folder.resolve("out");

        int status = run(
                "--dataset",
                folder.resolve("data").toString(),
                "--shots",
                "1",
                "--seeds",
                "1",
                "--per-normal",
                "1",
                "--out",
                output.toString());

        assertThat(status).as(() -> err.toString(UTF_8)).isZero();
        assertThat(output.resolve("evaluation.md"))
                .content()
                .contains("# Evaluation: the loop closed", "## Who wins", "1-shot, I-AUC: ")
                .contains("(a) zero-shot", "(b) bank only", "(c) VLAD on CutPaste", "(d) VLAD on DRAEM")
                .contains("(e) VLAD on ours");
        assertThat(output.resolve("ours/anomalies/brick/normal")).isNotEmptyDirectory();
        assertThat(output.resolve("evaluation/index.html")).exists();
    }

    /** Two good bricks, and a good and a damaged one to test. */
    private void draw() throws IOException {
        for (String file : new String[] {
            "train/good/000.png",
            "train/good/001.png",
            "test/good/000.png",
            "test/hole/000.png",
            "ground_truth/hole/000_mask.png"
        }) {
            var target = folder.resolve("data/brick").resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(SampleData.BRICK.resolve(file), target);
        }
    }

    private int run(String... args) {
        return new CloseTheLoop(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)).run(args);
    }
}
