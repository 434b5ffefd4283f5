// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.Device;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VladDetectorTest {
    private static final List<RgbImage> NORMALS = TinyDetectors.pictures(3, 64, 48, 50);

    @TempDir
    private static Path model;

    private static VladDetector detector;
    private static ReferenceBank bank;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        detector = TinyDetectors.on(model)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .build();
        bank = detector.index("bolt", NORMALS);
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    // ---- what is refused

    @Test
    void refusesToBuildWithoutAModel() {
        assertThatIllegalStateException()
                .isThrownBy(() -> VladDetector.builder().build())
                .withMessage("modelDirectory is required");
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatThrownBy(() -> TinyDetectors.on(folder.resolve("absent")).build())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("absent")
                .hasMessageContaining("is no folder; it must hold a CLIP model");
    }

    @Test
    void refusesAFolderWithoutWeights() throws IOException {
        Files.copy(model.resolve("config.json"), folder.resolve("config.json"));

        assertThatThrownBy(() -> TinyDetectors.on(folder).build())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("model.safetensors");
    }

    @Test
    void refusesAFolderWithoutATokenizer() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(folder, Dtype.F32);
        Files.delete(folder.resolve("vocab.json"));

        assertThatThrownBy(() -> TinyDetectors.on(folder).build())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("vocab.json");
    }

    @Test
    void refusesOpenClipsLayoutWithoutANamedBackbone() throws IOException {
        TinyClip.seeded(1).writeOpenClip(folder, Dtype.F32);

        assertThatThrownBy(() -> VladDetector.builder()
                        .modelDirectory(folder)
                        .device(Device.cpu())
                        .build())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is in the layout of open_clip, which doesn't tell the activation")
                .hasMessageContaining("BackboneSpec.openAi()");
    }

    @Test
    void refusesAnInputSideBelowAPatch() {
        var small = TinyDetectors.settings().toBuilder().inputSide(13).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyDetectors.on(model).settings(small).build())
                .withMessage("inputSide must be at least the backbone's patch of 14 pixels but was 13");
    }

    @Test
    void refusesStagesBeyondTheDepth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyDetectors.on(model)
                        .backbone(TinyDetectors.SPEC.withStages(List.of(2, 5)))
                        .build())
                .withMessage("stages must be in [1, 4], the backbone's layers, but were [2, 5]");
    }

    @Test
    void refusesStagesThatDoNotAscend() {
        for (var stages : List.of(List.of(0, 1), List.of(2, 2), List.of(3, 1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TinyDetectors.SPEC.withStages(stages))
                    .withMessage("stages must ascend from at least 1 but were " + stages);
        }
    }

    @Test
    void refusesAdaptersOfAnotherShape() {
        var shape = new FeatureAdapter.Shape(4, 33, 16);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyDetectors.on(model)
                        .adapter(LinearAdapters.random(shape, 1))
                        .build())
                .withMessageContaining("the adapter fits " + shape + " but the backbone has " + TinyDetectors.SHAPE);
    }

    @Test
    void refusesAdaptersThatWereTrainedForAnotherBackbone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TinyDetectors.on(model)
                        .adapter(TinyDetectors.adapters(1, Map.of("backbone", "openai, weights 0123")))
                        .build())
                .withMessageContaining(
                        "was trained for another backbone: it has [openai, weights 0123], this one is [openai(");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vision_model.embeddings.class_embedding",
                "vision_model.encoder.layers.3.mlp.fc2.bias",
                "text_model.final_layer_norm.weight"
            })
    void refusesScoresOfAModelWithNotANumber(String tensor) throws IOException {
        var clip = TinyClip.seeded(1);
        clip.data(tensor)[3] = Float.NaN;
        try (var broken =
                TinyDetectors.on(clip.writeHuggingFace(folder, Dtype.F32)).build()) {
            assertThatThrownBy(() -> broken.detect(NORMALS.get(0), "bolt"))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("scores aren't finite: the backbone's weights");
            if (tensor.contains("fc2")) {
                assertThatThrownBy(() -> broken.index("bolt", NORMALS))
                        .isInstanceOf(DetectionException.class)
                        .hasMessageContaining("a reference's tokens aren't finite");
            }
        }
    }

    @Test
    void refusesAModelWhoseProjectionIsNotANumber() throws IOException {
        var clip = TinyClip.seeded(1);
        clip.data("visual_projection.weight")[3] = Float.NaN;
        clip.writeHuggingFace(folder, Dtype.F32);

        assertThatThrownBy(() -> TinyDetectors.on(folder).build())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("NaN or infinite numbers in the projection");
    }

    @Test
    void refusesAnEmptyListOfNormals() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.index("bolt", List.of()))
                .withMessage("normals must have a picture but is empty: a bank needs at least one");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.bankBytes(0, 10, 10))
                .withMessage("normals must be at least 1 but was 0");
    }

    @Test
    void refusesToWorkOnceClosed() {
        var closed = TinyDetectors.on(model).build();
        closed.close();
        closed.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> closed.detect(NORMALS.get(0), "bolt"))
                .withMessage("detector is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> closed.index("bolt", NORMALS))
                .withMessage("detector is closed");
    }

    // ---- what is found

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 200", "301, 77", "60, 60", "2, 1"})
    void givesAMapOfThePicturesSize(int width, int height) {
        var picture = TinyDetectors.picture(width, height, 1);
        for (var found : List.of(detector.detect(picture, "nothing"), detector.detect(picture, bank))) {
            assertThat(found.map().width()).isEqualTo(width);
            assertThat(found.map().height()).isEqualTo(height);
            assertThat(found.score()).isFinite();
            assertThat(found.language()).isBetween(0.0, 1.0);
            assertThat(found.overlay(picture).width()).isEqualTo(width);
        }
        assertThat(detector.detect(picture, bank).vision()).isPresent();
    }

    @Test
    void hasNoVisionScoreWithoutReferences() {
        var found = detector.detect(NORMALS.get(0), "bolt");

        assertThat(found.vision()).isEmpty();
        assertThat(found.score()).isEqualTo(found.language());
        assertThat(found.decision().label()).isEqualTo(Decision.Label.UNCALIBRATED);
        assertThat(found.normalizedScore()).isEmpty();
        assertThat(found.mask()).isEmpty();
        assertThat(found.regions()).isEmpty();
    }

    @Test
    void findsNoDistanceInAPictureThatTheBankHolds() {
        for (var normal : NORMALS) {
            assertThat(detector.detect(normal, bank).vision().orElseThrow()).isCloseTo(0, within(1e-5));
        }
        var other = TinyDetectors.picture(64, 48, 99);
        assertThat(detector.detect(other, bank).vision().orElseThrow()).isGreaterThan(0.02);
    }

    @Test
    void doesNotCareForTheOrderOfReferences() {
        var reversed = new ArrayList<>(NORMALS);
        Collections.reverse(reversed);
        var picture = TinyDetectors.picture(40, 50, 4);

        var one = detector.detect(picture, bank);
        var other = detector.detect(picture, detector.index("bolt", reversed));

        assertThat(other.score()).isCloseTo(one.score(), within(1e-6));
        assertClose(other, one, 1e-6);
    }

    @Test
    void givesEqualScoresForEqualCalls() {
        var picture = TinyDetectors.picture(70, 50, 5);
        var first = detector.detect(picture, bank);
        for (int i = 0; i < 10; i++) {
            assertThat(detector.detect(picture, bank))
                    .usingRecursiveComparison()
                    .isEqualTo(first);
        }
    }

    @Test
    void usesTheBankThatIsRegisteredForTheCategory() {
        try (var fresh = TinyDetectors.on(model)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .build()) {
            var picture = TinyDetectors.picture(30, 30, 6);
            assertThat(fresh.bank("bolt")).isEmpty();
            assertThat(fresh.detect(picture, "bolt").vision()).isEmpty();

            fresh.register(bank);

            assertThat(fresh.bank("bolt")).contains(bank);
            assertThat(fresh.detect(picture, "bolt").score())
                    .isEqualTo(detector.detect(picture, bank).score());
            assertThat(fresh.detect(picture, "nut").vision()).isEmpty();
            var smaller = fresh.index("bolt", NORMALS.subList(0, 1));
            fresh.register(smaller);
            assertThat(fresh.bank("bolt")).contains(smaller);
        }
    }

    @Test
    void detectsManyInOrderAndNoSoonerThanAsked() {
        var settings = TinyDetectors.settings().toBuilder().batchSize(2).build();
        try (var small = TinyDetectors.on(model)
                .settings(settings)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .build()) {
            assertThat(small.batchSize()).isEqualTo(2);
            var pictures = TinyDetectors.pictures(7, 30, 20, 60);
            var read = new AtomicInteger();

            var found = small.detectAll(pictures.stream().peek(picture -> read.incrementAndGet()), bank)
                    .iterator();

            assertThat(read).hasValue(0);
            for (int i = 0; i < pictures.size(); i++) {
                assertThat(found.next().provenance().entries().get("image"))
                        .isEqualTo(pictures.get(i).sha256());
                assertThat(read.get()).isLessThanOrEqualTo(Math.min(7, i + 3));
            }
            assertThat(found.hasNext()).isFalse();
            assertThat(small.detectAll(pictures.stream().limit(0), "bolt")).isEmpty();
        }
    }

    @Test
    void givesABatchTheScoresOfSinglePictures() {
        var pictures = new ArrayList<>(TinyDetectors.pictures(4, 33, 44, 70));
        pictures.add(TinyDetectors.picture(9, 90, 75));

        var together = detector.detect(pictures, "bolt", Optional.of(bank), DetectOptions.none());

        for (int i = 0; i < pictures.size(); i++) {
            var alone = detector.detect(pictures.get(i), bank);
            assertThat(together.get(i).score()).as("picture %d", i).isCloseTo(alone.score(), within(1e-5));
            assertClose(together.get(i), alone, 1e-5);
        }
    }

    @Test
    void givesFourThreadsTheBitsOfOne() throws InterruptedException, ExecutionException {
        var pictures = TinyDetectors.pictures(10, 40, 30, 80);
        var expected =
                pictures.stream().map(picture -> detector.detect(picture, bank)).toList();
        var calls = new ArrayList<Callable<Boolean>>();
        for (int i = 0; i < 200; i++) {
            int at = i % pictures.size();
            calls.add(() -> {
                var found = detector.detect(pictures.get(at), bank);
                return found.score() == expected.get(at).score()
                        && found.map().equals(expected.get(at).map());
            });
        }
        var pool = Executors.newFixedThreadPool(4);
        try {
            for (Future<Boolean> call : pool.invokeAll(calls)) {
                assertThat(call.get()).isTrue();
            }
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void closesWhileOthersDetect() throws InterruptedException, ExecutionException {
        var closing = TinyDetectors.on(model).build();
        var picture = TinyDetectors.picture(20, 20, 1);
        var started = new CountDownLatch(3);
        var pool = Executors.newFixedThreadPool(4);
        try {
            var calls = new ArrayList<Future<Integer>>();
            for (int t = 0; t < 3; t++) {
                calls.add(pool.submit(() -> {
                    int done = 0;
                    try {
                        while (true) {
                            closing.detect(picture, "bolt");
                            started.countDown();
                            done++;
                        }
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("detector is closed");
                        return done;
                    }
                }));
            }
            started.await();
            closing.close();
            for (var call : calls) {
                assertThat(call.get()).isPositive();
            }
        } finally {
            pool.shutdown();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void givesTheSameScoresInBothLayoutsAndAllFormats(Dtype dtype) throws IOException {
        var clip = TinyClip.seeded(1);
        var picture = TinyDetectors.picture(50, 45, 8);
        var expected = detector.detect(picture, bank);
        for (Path stored : List.of(
                clip.writeHuggingFace(folder.resolve("hf"), dtype), clip.writeOpenClip(folder.resolve("oc"), dtype))) {
            try (var other = TinyDetectors.on(stored)
                    .adapter(TinyDetectors.adapters(2, Map.of()))
                    .build()) {
                var found = other.detect(picture, other.index("bolt", NORMALS));

                assertThat(found.score()).as("%s", stored).isEqualTo(expected.score());
                assertThat(found.map()).as("%s", stored).isEqualTo(expected.map());
            }
        }
    }

    @Test
    void readsTheModelInAFolderNamedClip() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(folder.resolve("clip"), Dtype.F32);
        Files.createDirectory(folder.resolve("tokenizer"));
        for (String name : List.of("vocab.json", "merges.txt")) {
            Files.move(
                    folder.resolve("clip").resolve(name),
                    folder.resolve("tokenizer").resolve(name));
        }
        try (var inner = TinyDetectors.on(folder)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .build()) {
            var picture = TinyDetectors.picture(20, 30, 9);
            assertThat(inner.detect(picture, "bolt").score())
                    .isEqualTo(detector.detect(picture, "bolt").score());
            assertThat(inner.encoder()).isEqualTo(detector.encoder());
        }
    }

    @Test
    void knowsTheBuiltInModel() {
        try (var builtIn = VladDetector.builder()
                .modelDirectory(TinyModels.directory())
                .device(Device.cpu())
                .build()) {
            var normals = TinyDetectors.pictures(2, 80, 60, 20);
            var found = builtIn.detect(normals.get(0), builtIn.index("wood", normals));

            assertThat(builtIn.adapterShape()).isEqualTo(new FeatureAdapter.Shape(1, 128, 128));
            assertThat(builtIn.encoder()).startsWith("built-in(").contains("side 256");
            assertThat(found.provenance().entries().get("settings")).asString().contains("MEAN");
            assertThat(found.vision().orElseThrow()).isCloseTo(0, within(1e-3));
        }
    }

    @Test
    void tellsHowItWasFound() {
        var picture = TinyDetectors.picture(20, 20, 3);
        var entries = detector.detect(picture, bank).provenance().entries();

        assertThat(entries.keySet())
                .containsExactly(
                        "image",
                        "category",
                        "encoder",
                        "adapter",
                        "settings",
                        "references",
                        "calibration",
                        "device",
                        "engine");
        assertThat(entries.get("image")).isEqualTo(picture.sha256());
        assertThat(entries.get("references"))
                .isEqualTo(NORMALS.stream().map(RgbImage::sha256).toList());
        assertThat(entries.get("encoder")).isEqualTo(detector.encoder());
    }

    private static void assertClose(Detection found, Detection expected, double tolerance) {
        float[] a = found.map().toArray();
        float[] b = expected.map().toArray();
        assertThat(a).hasSameSizeAs(b);
        for (int i = 0; i < a.length; i++) {
            assertThat((double) a[i]).as("pixel %d", i).isCloseTo(b[i], within(tolerance));
        }
    }
}
