// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.data.Category;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.data.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerateDatasetTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<GenerationRequest> requests = new ArrayList<>();
    private String rejectedDefect = "";
    private int failsAfter = Integer.MAX_VALUE;

    /** Has the fake's pictures, rejects one defect and fails when told to. */
    private final class Scripted implements AnomalyGenerator {
        private final ScriptedGenerator fake = new ScriptedGenerator();

        @Override
        public GenerationResult generate(GenerationRequest request, RunControl control) {
            if (requests.size() >= failsAfter) {
                throw new IllegalArgumentException("no more");
            }
            requests.add(request);
            var made = fake.generate(request, control);
            if (!request.emphasized().contains(rejectedDefect)) {
                return made;
            }
            var one = made.accepted().get(0);
            var reason = new Verdict.Reason(Verdict.Criterion.FLAT_ATTENTION, "flat attention");
            var rejected = new GeneratedAnomaly(
                    one.image(),
                    one.mask(),
                    one.scores(),
                    one.attention(),
                    one.change(),
                    new Verdict(List.of(reason)),
                    one.provenance());
            return new GenerationResult(List.of(), List.of(rejected), made.elapsed());
        }

        @Override
        public void close() {
            fake.close();
        }
    }

    /** Four pictures that differ. */
    @BeforeEach
    void drawNormals() throws IOException {
        Files.createDirectory(folder.resolve("good"));
        for (int i = 0; i < 4; i++) {
            var rgb = new byte[3 * 64];
            rgb[3 * i] = 1;
            RgbImage.of(8, 8, rgb).write(folder.resolve("good/" + i + ".png"));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--category bolt --defects crack|--normals is required",
                "--normals GOOD --defects crack|--category is required",
                "--normals GOOD --category bolt|--defects is required",
                "--normals GOOD --category ../bolt --defects crack|--category must have names of letters and digits",
                "--normals GOOD --category bolt --defects crack,|--defects must have names of letters and digits",
                "--normals GOOD --category bolt --defects good|--defects must have names of letters and digits, not \"good\"",
                "--normals GOOD --category bolt --defects crack --prompt x|--prompt must have {defect} in it but was x",
                "--normals GOOD --category bolt --defects crack --region x|--region must be anywhere or shapes but was x",
                "--normals GOOD --category bolt --defects crack --held-out 4|--held-out must be less than the 4 pictures",
                "--normals NONE --category bolt --defects crack|--normals NONE: no PNG or JPEG files there",
            })
    void refusesWrongOptions(String args, String message) {
        assertThat(new GenerateDataset(model -> new Scripted(), stream(out), stream(err))
                        .run(args.replace("GOOD", folder.resolve("good").toString())
                                .split(" ", -1)))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith(message);
    }

    @Test
    void refusesPicturesOfOneName() throws IOException {
        Files.copy(folder.resolve("good/1.png"), folder.resolve("good/1.jpg"));
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("one picture of each name but has 1.jpg and 1.png");
    }

    @Test
    void refusesAFolderWithOtherFiles() throws IOException {
        Files.createDirectories(folder.resolve("data/bolt/train"));
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("has files that this program didn't write: name another --out");
        assertThat(folder.resolve("data/bolt/dataset.txt")).doesNotExist();
    }

    @Test
    void refusesAFolderThatWasMadeOtherwise() {
        assertThat(run()).isZero();
        assertThat(run("--seed", "1")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).contains("was made of other pictures or with other options");
    }

    @Test
    void writesTheLayoutThatTheReadersRead() throws IOException {
        assertThat(run("--per-normal", "2")).as(() -> err.toString(UTF_8)).isZero();

        Category bolts = Datasets.mvtec(folder.resolve("data")).category("bolt");
        assertThat(bolts.train()).hasSize(3);
        assertThat(bolts.test().stream().map(Sample::defect))
                .containsExactlyInAnyOrder("good", "crack", "crack", "deep_dent", "deep_dent");
        assertThat(bolts.test().stream().filter(Sample::anomalous))
                .allSatisfy(sample ->
                        assertThat(sample.readMask().orElseThrow().area()).isOne());
        assertThat(RgbImage.readPngText(folder.resolve("data/bolt/test/crack/3-00001.png")))
                .containsKey("anomalyany");
        assertThat(requests)
                .hasSize(4)
                .allSatisfy(
                        request -> assertThat(request.anomaly()).matches("a photo of a bolt with a (crack|deep dent)"));
        assertThat(requests.stream().map(GenerationRequest::seed)).doesNotHaveDuplicates();
        assertThat(out.toString(UTF_8))
                .contains("3 good pictures to train on, 1 good and 4 anomalous ones to test with");
    }

    @Test
    void leavesRejectedPicturesOutAndDoesNotTryThemAgain() {
        rejectedDefect = "crack";
        assertThat(run()).isZero();
        assertThat(run()).isZero();

        assertThat(requests).hasSize(2);
        assertThat(folder.resolve("data/bolt/rejected/crack/3-00000.txt")).hasContent("[flat attention]");
        assertThat(folder.resolve("data/bolt/test/crack")).doesNotExist();
    }

    @Test
    void goesOnWhereItWasAndAddsMore() throws IOException {
        failsAfter = 1;
        assertThat(run()).isEqualTo(2);
        failsAfter = Integer.MAX_VALUE;
        assertThat(run()).isZero();
        assertThat(run("--per-normal", "2")).isZero();

        assertThat(requests).hasSize(4);
        try (Stream<Path> masks = Files.walk(folder.resolve("data/bolt/ground_truth"))) {
            assertThat(masks.filter(Files::isRegularFile)).hasSize(4);
        }
    }

    private int run(String... more) {
        var args = new ArrayList<>(List.of(
                "--normals", folder.resolve("good").toString(), "--category", "bolt", "--defects", "crack,deep dent"));
        args.addAll(List.of("--out", folder.resolve("data").toString()));
        args.addAll(List.of(more));
        if (!args.contains("--per-normal")) {
            args.addAll(List.of("--per-normal", "1"));
        }
        return new GenerateDataset(model -> new Scripted(), stream(out), stream(err)).run(args.toArray(String[]::new));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, UTF_8);
    }
}
