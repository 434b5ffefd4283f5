// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.FakeDetector;
import io.github.anomalyany.vlad.data.Category;
import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.data.Sample;
import io.github.anomalyany.vlad.eval.EvaluationListener.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationTest {
    @TempDir
    private Path folder;

    private Path output = Path.of("");
    private Dataset dataset = Dataset.of("none", List.of(new Category("none", List.of(), List.of())));

    @BeforeEach
    void draw() throws IOException {
        output = folder.resolve("out");
        dataset = new Pictures(folder.resolve("data")).nutsAndBolts();
    }

    private Evaluation.Builder builder(EvaluationMethod... methods) {
        return Evaluation.builder()
                .dataset(dataset)
                .methods(List.of(methods))
                .shots(List.of(1))
                .seeds(List.of(0L, 1L))
                .side(Pictures.SIDE)
                .output(output);
    }

    @Test
    void saysWhatIsMissing() {
        assertThatThrownBy(() -> Evaluation.builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("dataset, methods and output are required");
    }

    @Test
    void refusesMoreShotsThanGoodPicturesBeforeAnythingElse() {
        var method = ScriptedMethod.red("red");

        assertThatThrownBy(() -> builder(method).shots(List.of(1, 4)).build().run())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("shots must be at most 3, the number of normal images of bolt, but had 4");
        assertThat(method.begun).isEmpty();
        assertThat(output).doesNotExist();
    }

    @Test
    void refusesValuesOutOfRangeAndTwice() {
        var method = ScriptedMethod.red("red");
        Map<String, UnaryOperator<Evaluation.Builder>> wrong = new TreeMap<>();
        wrong.put("shots must be at least 1 but had 0", builder -> builder.shots(List.of(0)));
        wrong.put("shots must have a value but is empty", builder -> builder.shots(List.of()));
        wrong.put("seeds must be different but were [5, 5]", builder -> builder.seeds(List.of(5L, 5L)));
        wrong.put("side must be 1 to 4096 but was 0", builder -> builder.side(0));
        wrong.put("proLimit must be in (0, 1] but was NaN", builder -> builder.proLimit(Double.NaN));
        wrong.put("exactPixels must be at least 0 but was -1", builder -> builder.exactPixels(-1));
        wrong.put(
                "names of methods must be different but were [red, red]",
                builder -> builder.methods(List.of(method, ScriptedMethod.red("red"))));
        wrong.put("names of methods must not be blank", builder -> builder.methods(List.of(ScriptedMethod.red(" "))));

        wrong.forEach((message, change) -> assertThatThrownBy(
                        () -> change.apply(builder(method)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message));
    }

    @Test
    void namesThePictureWhoseScoreIsNoNumber() {
        var method = new ScriptedMethod("bad", (preparation, image) -> Double.NaN);

        assertThatThrownBy(() -> builder(method).build().run())
                .isInstanceOf(DetectionException.class)
                .hasMessageMatching("scores must be finite but that of .*000\\.png was NaN");
        assertThat(method.closed).isEqualTo(1);
    }

    @Test
    void refusesAMethodThatLosesPictures() {
        EvaluationMethod method = new EvaluationMethod() {
            @Override
            public String name() {
                return "lossy";
            }

            @Override
            public Examiner prepare(Preparation preparation) {
                return images -> List.of();
            }
        };

        assertThatThrownBy(() -> builder(method).build().run())
                .isInstanceOf(DetectionException.class)
                .hasMessage("a method must give a detection for each picture but gave 0 for 1");
    }

    @Test
    void namesAPictureThatIsGoneAndExaminesNothing() throws IOException {
        Files.delete(folder.resolve("data/nut/test/dent/001.png"));
        var method = ScriptedMethod.red("red");

        assertThatThrownBy(() -> builder(method).build().run())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("001.png");
        assertThat(method.examined).isZero();
    }

    /** Nuts: AUROC 3/4, best F1 4/5, flat maps. Bolts: without a fault, but for constant scores with seed 1. */
    private static ScriptedMethod worseWithSeedOne() {
        return new ScriptedMethod(
                "red",
                (preparation, image) ->
                        preparation.seed() == 1 && preparation.category().equals("bolt") ? 7 : FakeDetector.red(image));
    }

    @Test
    void averagesCategoriesThenTakesMeanAndSampleDeviationOverSeeds() throws IOException {
        var report = builder(worseWithSeedOne()).build().run();

        // seed 0: (75 + 100) / 2, seed 1: (75 + 50) / 2; √((12.5² + 12.5²) / 1)
        var auroc = report.average("red", 1, Metric.IMAGE_AUROC);
        assertThat(auroc.values()).containsExactly(0.875, 0.625);
        assertThat(auroc.mean()).isEqualTo(0.75);
        assertThat(auroc.deviation()).isCloseTo(0.125 * Math.sqrt(2), within(1e-12));
        // best F1 80 and 100, with constant scores 2/3
        assertThat(report.average("red", 1, Metric.IMAGE_MAX_F1).mean())
                .isCloseTo((0.8 + 1 + 0.8 + 2.0 / 3) / 4, within(1e-12));
        assertThat(report.category("nut", "red", 1, Metric.IMAGE_AUROC).values())
                .containsExactly(0.75, 0.75);
        // a flat map: 32 of 256 pixels are anomalous, the PRO curve is the diagonal
        assertThat(report.category("nut", "red", 1, Metric.PIXEL_AUROC).mean()).isEqualTo(0.5);
        assertThat(report.category("nut", "red", 1, Metric.PIXEL_MAX_F1).mean()).isCloseTo(0.25 / 1.125, within(1e-12));
        assertThat(report.category("nut", "red", 1, Metric.PRO).mean()).isCloseTo(0.15, within(1e-12));
        assertThat(report.category("bolt", "red", 1, Metric.PRO).mean()).isEqualTo(1);
        assertThat(report.average("red", 1, Metric.PRO).mean()).isCloseTo(0.575, within(1e-12));
    }

    @Test
    void writesTheTableOfThePapers() throws IOException {
        var report = builder(worseWithSeedOne()).build().run();

        assertThat(report.markdown())
                .contains("| shot | method | I-AUC | I-F1 | P-AUC | P-F1 | PRO | I-AP | P-AP | PRO-200 |\n|---|")
                .contains(
                        "| 1 | red | 75.0±17.7 | 81.7±11.8 | 75.0±0.0 | 61.1±0.0 | 57.5±0.0 | 79.2±17.7 | 56.3±0.0 | n/a |\n")
                .contains("## 1-shot, red\n")
                .contains("| bolt | 75.0±35.4 | 83.3±23.6 | 100.0±0.0 |")
                .contains("| nut | 75.0±0.0 | 80.0±0.0 | 50.0±0.0 | 22.2±0.0 | 15.0±0.0 |");
        assertThat(output.resolve("report.md")).hasContent(report.markdown());
        assertThat(output.resolve("report.csv")).hasContent(report.csv());
        assertThat(output.resolve("report.json")).hasContent(report.json());
        assertThat(output.resolve("index.html")).hasContent(report.html());
    }

    @Test
    void showsNoDeviationOfOneSeed() throws IOException {
        var report =
                builder(ScriptedMethod.red("red")).seeds(List.of(0L)).build().run();

        assertThat(report.average("red", 1, Metric.IMAGE_AUROC).deviation()).isNaN();
        assertThat(report.markdown()).contains("| 1 | red | 87.5 | 90.0 |").doesNotContain("±");
    }

    @Test
    void whatHasNoValueIsNotAvailableAndNeverANumber() throws IOException {
        var good = new Pictures(folder.resolve("good"))
                .category("good only", "good", false, new int[] {1, 2}, new int[] {});
        dataset = Dataset.of("parts", List.of(good, dataset.category("bolt")));

        var report = builder(ScriptedMethod.red("red")).build().run();

        assertThat(report.markdown())
                .contains("| 1 | red | n/a | n/a | n/a | n/a | n/a | n/a | n/a | n/a |")
                .contains("| good only | n/a | n/a |")
                .contains("| bolt | 100.0±0.0 | 100.0±0.0 |");
        assertThat(report.csv()).contains("parts,1,red,good only,2,n/a,n/a,");
        assertThat(report.json()).contains("\"mean\": null").doesNotContain("NaN");
        assertThat(builder(ScriptedMethod.red("red")).build().run().json()).isEqualTo(report.json());
    }

    @Test
    void picturesWithoutMaskCountAsAWholeOnly() throws IOException {
        var bolt = dataset.category("bolt");
        var unmasked = bolt.test().stream()
                .map(sample -> new Sample(sample.image(), Optional.empty(), sample.defect()))
                .toList();
        dataset = Dataset.of("parts", List.of(new Category("bolt", bolt.train(), unmasked)));

        var report = builder(ScriptedMethod.red("red")).build().run();

        assertThat(report.average("red", 1, Metric.IMAGE_AUROC).mean()).isEqualTo(1);
        assertThat(report.average("red", 1, Metric.PIXEL_AUROC).mean()).isNaN();
        assertThat(report.average("red", 1, Metric.PRO).mean()).isNaN();
    }

    @Test
    void categoryWithoutPicturesToJudgeHasNoNumbers() throws IOException {
        dataset = Dataset.of(
                "parts", List.of(new Category("bolt", dataset.category("bolt").train(), List.of())));

        var report = builder(ScriptedMethod.red("red")).build().run();

        assertThat(report.markdown()).contains("| bolt | n/a | n/a |");
        assertThat(report.misses()).isEmpty();
    }

    @Test
    void methodWithoutGoodPicturesIsEvaluatedOnceAsZeroShots() throws IOException {
        var detector = new FakeDetector("plain");
        var report = builder(ScriptedMethod.red("red"), EvaluationMethod.zeroShot("texts", detector))
                .shots(List.of(2, 1))
                .build()
                .run();

        assertThat(report.markdown().lines().filter(line -> line.matches("\\| \\d \\|.*")))
                .extracting(line -> line.substring(0, 12))
                .containsExactly("| 0 | texts ", "| 1 | red | ", "| 2 | red | ");
        // one look at a blank picture, then each picture once in batches of three, without a bank
        assertThat(detector.calls).containsExactly("object 1 []", "bolt 3 []", "bolt 1 []", "nut 3 []", "nut 1 []");
        assertThat(report.average("texts", 0, Metric.IMAGE_AUROC).values()).containsExactly(0.875);
    }

    @Test
    void detectorGetsABankOfTheGoodPicturesOfTheSeed() throws IOException {
        var detector = new FakeDetector("plain");
        builder(EvaluationMethod.of("bank", detector))
                .shots(List.of(2))
                .seeds(List.of(3L))
                .build()
                .run();

        var digests = new ArrayList<String>();
        for (var sample : dataset.category("bolt").kShot(2, 3)) {
            digests.add(sample.readImage().sha256());
        }
        assertThat(detector.calls).contains("bolt 3 " + digests);
    }

    @Test
    void methodBeginsOnceForAllCategoriesOfShotsAndSeed() throws IOException {
        var method = ScriptedMethod.red("red");
        builder(method).shots(List.of(1, 3)).build().run();

        assertThat(method.begun)
                .containsExactly(
                        "1-shot, seed 0, [bolt 1, nut 1]",
                        "1-shot, seed 1, [bolt 1, nut 1]",
                        "3-shot, seed 0, [bolt 3, nut 3]",
                        "3-shot, seed 1, [bolt 3, nut 3]");
        assertThat(method.prepared)
                .allSatisfy(preparation -> assertThat(preparation.normals())
                        .isEqualTo(dataset.category(preparation.category())
                                .kShot(preparation.shots(), preparation.seed())));
        assertThat(method.closed).isEqualTo(8);
    }

    @Test
    void secondRunExaminesNothingAndWritesTheSameFiles() throws IOException {
        builder(worseWithSeedOne()).build().run();
        var first = files();
        var method = worseWithSeedOne();

        builder(method).build().run();

        assertThat(method.examined).isZero();
        assertThat(method.begun).isEmpty();
        assertThat(files()).isEqualTo(first);
    }

    @Test
    void resumesWhereverTheDatasetLies() throws IOException {
        builder(worseWithSeedOne()).build().run();
        dataset = new Pictures(folder.resolve("elsewhere")).nutsAndBolts();
        var method = worseWithSeedOne();

        builder(method).build().run();

        assertThat(method.examined).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{\"fingerprint\": 3}",
                "half",
                "no map",
                "no metric",
                "wrong index",
            })
    void redoesADamagedCellAndNoOther(String damage) throws IOException {
        builder(worseWithSeedOne()).build().run();
        var whole = files();
        var cell = cells().get(0);
        String text = Files.readString(cell);
        Files.writeString(
                cell,
                switch (damage) {
                    case "half" -> text.substring(0, text.length() / 2);
                    case "no map" -> text.replaceFirst("\"map\": \"....", "\"map\": \"AAAA");
                    case "no metric" -> text.replaceFirst("\"PRO\": .*,\n", "");
                    case "wrong index" -> text.replaceFirst("\"index\": \\d", "\"index\": 4");
                    default -> damage;
                });
        assertThat(files()).isNotEqualTo(whole);
        var method = worseWithSeedOne();

        builder(method).build().run();

        assertThat(method.examined).isEqualTo(Pictures.TEST_PICTURES / 2);
        assertThat(files()).isEqualTo(whole);
    }

    @Test
    void redoesWhatWasMadeOtherwise() throws IOException {
        builder(worseWithSeedOne()).build().run();
        List<UnaryOperator<Evaluation.Builder>> changes = List.of(
                builder -> builder.side(4),
                builder -> builder.masks(MaskResampling.NEAREST),
                builder -> builder.proLimit(0.2),
                builder -> builder.exactPixels(0));
        for (var change : changes) {
            var method = worseWithSeedOne();
            change.apply(builder(method)).build().run();
            assertThat(method.examined).isEqualTo(2 * Pictures.TEST_PICTURES);
        }
        var described = worseWithSeedOne().description("other");
        builder(described).build().run();
        assertThat(described.examined).isEqualTo(2 * Pictures.TEST_PICTURES);
    }

    @Test
    void redoesACategoryOfWhichAFileChanged() throws IOException {
        builder(worseWithSeedOne()).build().run();
        var changed = folder.resolve("data/nut/test/good/000.png");
        RgbImage.read(changed).write(changed, Map.of("note", "longer"));
        var method = worseWithSeedOne();

        builder(method).build().run();

        assertThat(method.prepared)
                .extracting(EvaluationMethod.Preparation::category)
                .containsExactly("nut", "nut");
    }

    @Test
    void moreSeedsAndMethodsExamineOnlyWhatIsNew() throws IOException {
        builder(worseWithSeedOne()).build().run();
        var old = worseWithSeedOne();
        var added = ScriptedMethod.red("other");

        builder(old, added).seeds(List.of(0L, 1L, 2L)).build().run();

        assertThat(old.prepared).extracting(EvaluationMethod.Preparation::seed).containsExactly(2L, 2L);
        assertThat(added.examined).isEqualTo(3 * Pictures.TEST_PICTURES);
    }

    @Test
    void cancellingKeepsFinishedCellsAndTheNextRunGoesOn() throws IOException {
        var cancellation = new CancellationToken();
        var cancelled = new ScriptedMethod("red", (preparation, image) -> {
            if (preparation.category().equals("nut")) {
                cancellation.cancel();
            }
            return FakeDetector.red(image);
        });

        assertThatThrownBy(() ->
                        builder(cancelled).cancellation(cancellation).build().run())
                .isInstanceOf(EvaluationCancelledException.class)
                .hasMessageStartingWith("the evaluation was cancelled with 1 of 4 cells finished");
        assertThat(cells()).hasSize(1);
        assertThat(cancelled.closed).isEqualTo(2);
        assertThat(output.resolve("report.md")).doesNotExist();

        var method = ScriptedMethod.red("red");
        builder(method).build().run();
        assertThat(method.examined).isEqualTo(3 * Pictures.TEST_PICTURES / 2);
    }

    @Test
    void anInterruptCancelsAndStays() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> builder(ScriptedMethod.red("red")).build().run())
                    .isInstanceOf(EvaluationCancelledException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void tellsHowFarItIsAndGoesOnIfTheListenerFails() throws IOException {
        builder(ScriptedMethod.red("red")).seeds(List.of(0L)).build().run();
        var heard = new ArrayList<Progress>();

        builder(ScriptedMethod.red("red"))
                .listener(progress -> {
                    heard.add(progress);
                    throw new IllegalStateException("on purpose");
                })
                .build()
                .run();

        // two cells of the earlier run; then for each cell its four pictures and its end
        assertThat(heard).hasSize(2 + 2 * 5);
        assertThat(heard).extracting(Progress::resumed).startsWith(true, true, false);
        assertThat(heard.get(1).remaining()).isZero();
        assertThat(heard.get(1).picturesDone()).isEqualTo(Pictures.TEST_PICTURES);
        assertThat(heard.get(2).remaining()).isPositive();
        var last = heard.get(heard.size() - 1);
        assertThat(last.cellsDone()).isEqualTo(last.cells()).isEqualTo(4);
        assertThat(last.picturesDone()).isEqualTo(last.pictures()).isEqualTo(2L * Pictures.TEST_PICTURES);
        assertThat(last.remaining()).isZero();
    }

    @Test
    void binnedMetricsAreNearExactOnes() throws IOException {
        var exact = builder(ScriptedMethod.red("red")).build().run();
        var binned = builder(ScriptedMethod.red("red")).exactPixels(0).build().run();

        for (var metric : Metric.values()) {
            if (metric != Metric.PRO_LEGACY_200) {
                assertThat(binned.average("red", 1, metric).mean())
                        .isCloseTo(exact.average("red", 1, metric).mean(), within(1e-4));
            }
        }
    }

    @Test
    void comparesAtTheSideWanted() throws IOException {
        var maps = new ArrayList<Integer>();
        EvaluationMethod method = new EvaluationMethod() {
            @Override
            public String name() {
                return "twice as large";
            }

            @Override
            public Examiner prepare(Preparation preparation) {
                return images -> {
                    var map = FakeDetector.green(images.get(0)).resizeBilinear(16, 16);
                    maps.add(map.width());
                    return List.<Detection>of(FakeDetector.detection(1, map, ""));
                };
            }
        };

        var report = builder(method).side(4).build().run();

        assertThat(maps).hasSize(2 * Pictures.TEST_PICTURES);
        assertThat(report.category("bolt", "twice as large", 1, Metric.PRO).mean())
                .isEqualTo(1);
    }

    private List<Path> cells() throws IOException {
        try (Stream<Path> files = Files.list(output.resolve("cells"))) {
            return files.sorted().toList();
        }
    }

    /** Everything in the output, by name. */
    private Map<String, String> files() throws IOException {
        var contents = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(output)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        output.relativize(file).toString(),
                        java.util.HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
