// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static io.github.anomalyany.vlad.TrainerFixture.files;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.TrainingFolder.AuxiliaryData;
import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingFolderTest {
    private static final List<RgbImage> NORMALS = TrainerFixture.normals().subList(0, 3);
    private static final SamplePlan PLAN = SamplePlan.fewShot().withPerNormal(4);

    @TempDir
    Path root;

    /** CutPaste, watched; it rejects what it is told to. */
    private static final class Watched implements AnomalyGenerator {
        private final AnomalyGenerator cutPaste = SyntheticAnomalies.cutPaste();
        private final List<GenerationRequest> requests = new ArrayList<>();
        private Predicate<Integer> rejects = number -> false;
        private Predicate<Integer> fails = number -> false;
        private Predicate<Integer> cancels = number -> false;

        @Override
        public GenerationResult generate(GenerationRequest request, RunControl control) {
            int number = requests.size();
            if (cancels.test(number)) {
                control.token().cancel();
            }
            if (fails.test(number)) {
                throw new IllegalStateException("no more");
            }
            var made = cutPaste.generate(request, control);
            requests.add(request);
            if (!rejects.test(number)) {
                return made;
            }
            var reason = new Verdict.Reason(Verdict.Criterion.NO_VISIBLE_CHANGE, "nothing to see");
            var one = made.accepted().get(0);
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
            cutPaste.close();
        }
    }

    private final Watched generator = new Watched();

    private TrainingFolder folder() {
        return TrainingFolder.of(root.resolve("samples"));
    }

    private int generate(SamplePlan plan) throws IOException {
        return folder().generate(generator, "bolt", NORMALS, plan, new CancellationToken());
    }

    @Test
    void refusesACategoryThatIsNoFolderOfItsOwn() throws IOException {
        for (String category : List.of("", " ", ".", "..", "../bolt", "a/b", "/bolt")) {
            assertThatThrownBy(() -> folder().generate(generator, category, NORMALS, PLAN, new CancellationToken()))
                    .as(category)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("category must name a folder but was \"" + category + "\"");
            assertThatThrownBy(() -> folder().samplesOf(category, NORMALS))
                    .as(category)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(files(root)).isEmpty();
    }

    @Test
    void anEmptyFolderSaysWhatIsWanted() {
        assertThatThrownBy(() -> folder().samples())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(root.resolve("samples") + " holds no samples")
                .hasMessageContaining("CATEGORY/normal");
    }

    @Test
    void makesSoManyOfEachGoodPicture() throws IOException {
        assertThat(generate(PLAN)).isEqualTo(12);
        var samples = folder().samples();
        assertThat(samples).hasSize(15).allMatch(sample -> sample.category().equals("bolt"));
        assertThat(samples.stream().map(TrainingSample::isAnomalous))
                .containsExactlyElementsOf(Stream.concat(
                                Stream.generate(() -> false).limit(3),
                                Stream.generate(() -> true).limit(12))
                        .toList());
        var normals = new HashSet<RgbImage>();
        for (var sample : samples.subList(0, 3)) {
            normals.add(sample.image());
        }
        assertThat(normals).containsExactlyInAnyOrderElementsOf(NORMALS);
        for (var sample : samples.subList(3, 15)) {
            float[] labels = sample.labels().orElseThrow().toArray();
            assertThat(labels).containsOnly(0, 1).contains(1);
        }
    }

    @Test
    void labelsBelongToTheirPictures() throws IOException {
        generate(PLAN);
        var requests = new ArrayList<>(generator.requests);
        var made = requests.stream()
                .map(request -> SyntheticAnomalies.cutPaste()
                        .generate(request)
                        .accepted()
                        .get(0))
                .toList();
        for (var sample : folder().samples()) {
            if (sample.isAnomalous()) {
                var image = sample.image();
                var original =
                        made.stream().filter(m -> m.image().equals(image)).findFirst();
                assertThat(original).as("%s", sample).isPresent();
                assertThat(sample.labels()).contains(original.orElseThrow().scores());
            }
        }
    }

    @Test
    void theSecondTimeItMakesNothing() throws IOException {
        generate(PLAN);
        var before = everything();
        assertThat(generate(PLAN)).isEqualTo(12);
        assertThat(generator.requests).hasSize(12);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aLargerPlanMakesTheRest() throws IOException {
        generate(PLAN.withPerNormal(2));
        assertThat(generate(PLAN)).isEqualTo(12);
        assertThat(generator.requests).hasSize(12);
        assertThat(generate(PLAN.withPerNormal(1))).isEqualTo(3);
    }

    @Test
    void rejectedOnesAreLeftOutAndNotTriedAgain() throws IOException {
        generator.rejects = number -> number % 4 == 1;
        assertThat(generate(PLAN)).isEqualTo(9);
        assertThat(folder().samples()).hasSize(12);
        generator.rejects = number -> false;
        assertThat(generate(PLAN)).isEqualTo(9);
        assertThat(generator.requests).hasSize(12);
        var rejected = files(root.resolve("samples/bolt/rejected"));
        assertThat(rejected).hasSize(3);
        assertThat(rejected.get(0)).content().contains("nothing to see");
    }

    @Test
    void cancellationKeepsWhatIsThere() throws IOException {
        generator.cancels = number -> number == 5;
        assertThatThrownBy(() -> generate(PLAN)).isInstanceOf(GenerationCancelledException.class);
        assertThat(folder().samples().stream().filter(TrainingSample::isAnomalous))
                .hasSize(5);
        generator.cancels = number -> false;
        assertThat(generate(PLAN)).isEqualTo(12);
        assertThat(generator.requests).hasSize(12);
    }

    @Test
    void afterAFailureTheSameIsMadeAsWithoutOne() throws IOException {
        generator.fails = number -> number == 7;
        assertThatThrownBy(() -> generate(PLAN)).hasMessage("no more");
        generator.fails = number -> false;
        generate(PLAN);
        var interrupted = everything();
        try (var files = Files.walk(root.resolve("samples"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        generate(PLAN);
        assertThat(everything()).isEqualTo(interrupted);
    }

    @Test
    void labelsWithoutPictureOrPictureWithoutLabelsAreMadeAgain() throws IOException {
        generate(PLAN);
        var before = everything();
        Files.delete(files(root.resolve("samples/bolt/anomalous")).get(0));
        Files.delete(files(root.resolve("samples/bolt/labels")).get(3));
        assertThat(generate(PLAN)).isEqualTo(12);
        assertThat(generator.requests).hasSize(14);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void leavesNoTemporaryFiles() throws IOException {
        generate(PLAN);
        assertThat(everything().keySet()).allMatch(name -> name.endsWith(".png"));
        Files.writeString(root.resolve("samples/bolt/anomalous/.half.png"), "begun");
        Files.writeString(root.resolve("samples/bolt/anomalous/notes.txt"), "no picture");
        assertThat(folder().samples()).hasSize(15);
    }

    @Test
    void everyAnomalyHasASeedOfItsOwn() throws IOException {
        generate(PLAN);
        generate(PLAN.withSeed(1));
        var seeds = generator.requests.stream().map(GenerationRequest::seed).toList();
        assertThat(seeds).hasSize(24).doesNotHaveDuplicates();
        assertThat(folder().samples()).hasSize(27);
    }

    @Test
    void aGoodPicturesAnomaliesDoNotDependOnTheOthers() throws IOException {
        generate(PLAN);
        var together = everything();
        var alone = TrainingFolder.of(root.resolve("alone"));
        alone.generate(generator, "bolt", List.of(NORMALS.get(2)), PLAN, new CancellationToken());
        assertThat(together).containsAllEntriesOf(everything(root.resolve("alone")));
    }

    @Test
    void promptsAreTakenInTurnAndNameTheCategory() throws IOException {
        var plan = PLAN.withPrompts(List.of("a {} with a scratch", "a dent"));
        folder().generate(generator, "metal_nut2", NORMALS.subList(0, 1), plan, new CancellationToken());
        assertThat(generator.requests.stream().map(GenerationRequest::anomaly))
                .containsExactly("a metal nut with a scratch", "a dent", "a metal nut with a scratch", "a dent");
    }

    @Test
    void thePapersPlansFitAGenerator() throws IOException {
        folder().generate(
                        generator,
                        "bolt",
                        NORMALS.subList(0, 1),
                        SamplePlan.fullShot().withPerNormal(1),
                        new CancellationToken());
        assertThat(generator.requests.get(0).anomaly()).isEqualTo("A photo of a bolt that is damaged");
        assertThat(SamplePlan.fewShot().perNormal()).isEqualTo(100);
        assertThat(SamplePlan.fullShot().perNormal()).isEqualTo(5);
    }

    @Test
    void samplesOfGoodPicturesAreTheseAndTheirAnomalies() throws IOException {
        generate(PLAN);
        var samples = folder().samplesOf("bolt", NORMALS.subList(1, 2));
        assertThat(samples).hasSize(5);
        assertThat(samples.get(0).image()).isEqualTo(NORMALS.get(1));
        assertThat(folder().samplesOf("bolt", List.of())).isEmpty();
    }

    @Test
    void takesFoldersThatOthersFilled() throws IOException {
        for (String name : List.of("nut/normal/a.png", "nut/anomalous/b.png", "bolt/normal/c.JPG")) {
            Path file = root.resolve("samples").resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            NORMALS.get(0).write(file);
        }
        assertThatThrownBy(() -> folder().samples())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.png has no labels: ")
                .hasMessageContaining(Path.of("nut", "labels", "b.png").toString());
        Path labels = root.resolve("samples/nut/labels/b.png");
        Files.createDirectories(Objects.requireNonNull(labels.getParent()));
        NORMALS.get(0).write(labels);
        assertThat(folder().samples().stream().map(TrainingSample::category)).containsExactly("bolt", "nut", "nut");
    }

    @Test
    void realTestsAreTestPicturesWithTheirMasks() throws IOException {
        for (String name : List.of(
                "bolt/train/good/000.png",
                "bolt/test/good/000.png",
                "bolt/test/dent/000.png",
                "bolt/test/dent/001.png",
                "bolt/ground_truth/dent/000_mask.png",
                "bolt/ground_truth/dent/001_mask.png")) {
            Path file = root.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            if (name.contains("mask")) {
                DrawnPictures.middle(TrainerFixture.SIDE, TrainerFixture.SIDE).write(file);
            } else {
                NORMALS.get(name.contains("good") ? 0 : 1).write(file);
            }
        }
        var samples = TrainingFolder.realTest(Datasets.mvtec(root));
        assertThat(samples).hasSize(3).allMatch(sample -> sample.category().equals("bolt"));
        assertThat(samples.stream().filter(TrainingSample::isAnomalous)).hasSize(2);
        for (var sample : samples) {
            assertThat(sample.labels().isPresent()).isEqualTo(sample.isAnomalous());
        }
        assertAuxiliary(Datasets.mvtec(root), samples.size());
    }

    /** Real test pictures, generated anomalies of good pictures, or nothing. */
    private void assertAuxiliary(Dataset dataset, int real) throws IOException {
        var folder = TrainingFolder.of(root.resolve("auxiliary"));
        var plan = SamplePlan.fewShot().withPerNormal(2);
        var token = new CancellationToken();
        try (var generator = SyntheticAnomalies.draem()) {
            assertThat(folder.auxiliary(AuxiliaryData.NONE, dataset, 1, 0, generator, plan, token))
                    .isEmpty();
            assertThat(folder.auxiliary(AuxiliaryData.REAL_TEST, dataset, 1, 0, generator, plan, token))
                    .hasSize(real);
            var generated = folder.auxiliary(AuxiliaryData.SYNTHETIC, dataset, 1, 0, generator, plan, token);
            assertThat(generated).hasSize(3);
            assertThat(generated.stream().filter(TrainingSample::isAnomalous)).hasSize(2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> folder.auxiliary(AuxiliaryData.SYNTHETIC, dataset, 2, 0, generator, plan, token));
        }
    }

    private Map<String, String> everything() throws IOException {
        return everything(root.resolve("samples"));
    }

    /** Each file's content by its name. */
    private static Map<String, String> everything(Path folder) throws IOException {
        var content = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // the provenance says when a picture was made
                content.put(
                        folder.relativize(file).toString().replace('\\', '/'),
                        RgbImage.read(file).sha256());
            }
        }
        return content;
    }
}
