// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters, fusions, selections, geometries and prompts that users write. */
class StrategiesTest {
    private static final List<RgbImage> NORMALS = TinyDetectors.pictures(2, 64, 48, 50);
    private static final RgbImage PICTURE = TinyDetectors.picture(50, 30, 99);
    private static final LinearAdapters LINEAR = TinyDetectors.adapters(2, Map.of());

    @TempDir
    private static Path model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void writeModel() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
    }

    private static VladDetector with(UnaryOperator<VladSettings.Builder> change) {
        return TinyDetectors.on(model)
                .adapter(LINEAR)
                .settings(change.apply(TinyDetectors.settings().toBuilder()).build())
                .build();
    }

    // ---- adapters

    /** The linear ones as a user might write them, with a change to what comes out. */
    private record Own(UnaryOperator<float[]> ofPatches, UnaryOperator<float[]> ofImages) implements FeatureAdapter {
        @Override
        public String description() {
            return "my adapter";
        }

        @Override
        public Shape shape() {
            return LINEAR.shape();
        }

        @Override
        public float[] patches(int stage, float[] tokens, int count) {
            assertThat(tokens).hasSize(count * shape().tokenWidth());
            return ofPatches.apply(LINEAR.patches(stage, tokens, count));
        }

        @Override
        public float[] images(float[] embeddings, int count) {
            assertThat(embeddings).hasSize(count * shape().sharedWidth());
            return ofImages.apply(LINEAR.images(embeddings, count));
        }
    }

    private static float[] cut(float[] numbers) {
        return Arrays.copyOf(numbers, numbers.length - 1);
    }

    private static float[] broken(float[] numbers) {
        float[] broken = numbers.clone();
        broken[numbers.length / 2] = Float.NaN;
        return broken;
    }

    private static void assertAdapterFails(Own adapter, String... parts) {
        try (var detector = TinyDetectors.on(model).adapter(adapter).build()) {
            assertThatThrownBy(() -> detector.detect(PICTURE, "bolt"))
                    .isInstanceOf(DetectionException.class)
                    .message()
                    .contains(parts);
        }
    }

    @Test
    void refusesAnAdaptersWrongLengths() {
        assertAdapterFails(
                new Own(StrategiesTest::cut, UnaryOperator.identity()),
                "the feature adapter my adapter must return 16·16 numbers but returned 255");
        assertAdapterFails(
                new Own(UnaryOperator.identity(), StrategiesTest::cut),
                "the feature adapter my adapter must return 1·16 numbers for pictures but returned 15");
        assertAdapterFails(
                new Own(UnaryOperator.identity(), numbers -> new float[2 * numbers.length]),
                "the feature adapter my adapter must return 1·16 numbers for pictures but returned 32");
    }

    @Test
    void refusesAnAdaptersNotANumber() {
        assertAdapterFails(new Own(StrategiesTest::broken, UnaryOperator.identity()), "aren't finite", "my adapter");
        assertAdapterFails(new Own(UnaryOperator.identity(), StrategiesTest::broken), "aren't finite", "my adapter");
        try (var detector = TinyDetectors.on(model)
                .adapter(new Own(StrategiesTest::broken, UnaryOperator.identity()))
                .build()) {
            assertThatThrownBy(() -> detector.index("bolt", NORMALS))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("a reference's tokens aren't finite");
        }
    }

    @Test
    void tellsWhatAnAdapterThrew() {
        var thrown = new UnsupportedOperationException("no weights yet");
        var adapter = new Own(
                numbers -> {
                    throw thrown;
                },
                UnaryOperator.identity());
        try (var detector = TinyDetectors.on(model).adapter(adapter).build()) {
            assertThatThrownBy(() -> detector.detect(PICTURE, "bolt"))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("no weights yet")
                    .hasCause(thrown);
        }
    }

    @Test
    void usesAnAdapterOfOnesOwn() {
        var own = new Own(UnaryOperator.identity(), UnaryOperator.identity());
        try (var detector = TinyDetectors.on(model).adapter(own).build();
                var linear = TinyDetectors.on(model).adapter(LINEAR).build()) {
            var found = detector.detect(PICTURE, detector.index("bolt", NORMALS));
            var expected = linear.detect(PICTURE, linear.index("bolt", NORMALS));

            assertThat(found.score()).isCloseTo(expected.score(), within(1e-5));
            assertThat(found.map().max()).isCloseTo(expected.map().max(), within(1e-5f));
            assertThat(detector.encoder()).contains("adapted by my adapter");
        }
    }

    // ---- fusions

    /** The larger of both, with a change to what comes out. */
    private record Larger(float addedToPixels, double addedToScores) implements Fusion {
        @Override
        public String description() {
            return "the larger";
        }

        @Override
        public double score(Evidence evidence) {
            return Math.max(evidence.language(), evidence.vision()) + addedToScores;
        }

        @Override
        public float pixel(float language, float vision) {
            return Math.max(language, vision) + addedToPixels;
        }
    }

    @Test
    void refusesAFusionsNotANumber() {
        try (var pixels = with(builder -> builder.fusion(new Larger(Float.NaN, 0)));
                var scores = with(builder -> builder.fusion(new Larger(0, Double.POSITIVE_INFINITY)))) {
            assertThatThrownBy(() -> pixels.detect(PICTURE, "bolt"))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("the fusion the larger must give finite pixels but gave NaN");
            assertThatThrownBy(() -> scores.detect(PICTURE, "bolt"))
                    .isInstanceOf(DetectionException.class)
                    .hasMessageContaining("the fusion the larger must give finite scores but gave Infinity");
        }
    }

    @Test
    void usesAFusionOfOnesOwn() {
        try (var plain = with(builder -> builder);
                var larger = with(builder -> builder.fusion(new Larger(0, 0)))) {
            var bank = larger.index("bolt", NORMALS);
            var found = larger.detect(PICTURE, bank);
            var expected = plain.detect(PICTURE, bank);

            assertThat(found.language()).isEqualTo(expected.language());
            assertThat(found.vision()).isEqualTo(expected.vision());
            assertThat(found.score())
                    .isEqualTo(Math.max(found.language(), found.vision().orElseThrow()));
            assertThat(found.map().max()).isLessThan(expected.map().max());
        }
    }

    @Test
    void tellsAFusionTheMapsMaximumEvenBelowZero() {
        var shifted = new Fusion() {
            @Override
            public String description() {
                return "shifted";
            }

            @Override
            public double score(Evidence evidence) {
                return evidence.map();
            }

            @Override
            public float pixel(float language, float vision) {
                return language - 10;
            }
        };
        try (var detector = with(builder -> builder.fusion(shifted))) {
            var found = detector.detect(TinyDetectors.picture(60, 60, 1), "bolt");

            assertThat(found.score()).isCloseTo(found.map().max(), within(1e-6)).isNegative();
        }
    }

    // ---- selections

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Chosen(int... indices) implements BankSelection {
        @Override
        public String description() {
            return "my choice";
        }

        @Override
        public int[] select(float[] tokens, int count, int width, long seed) {
            assertThat(tokens).hasSize(count * width);
            return indices;
        }

        @Override
        public long upTo(long count) {
            return indices.length;
        }
    }

    @Test
    void refusesASelectionsWrongIndices() {
        assertSelectionFails("must give different indices in [0, 32) but gave 32", 0, 32);
        assertSelectionFails("must give different indices in [0, 32) but gave -1", -1);
        assertSelectionFails("must give different indices in [0, 32) but gave 3 twice", 3, 5, 3);
        assertSelectionFails("must give an index but gave none");
    }

    private static void assertSelectionFails(String problem, int... indices) {
        try (var detector = with(builder -> builder.bankSelection(new Chosen(indices)))) {
            assertThatThrownBy(() -> detector.index("bolt", NORMALS))
                    .isInstanceOf(DetectionException.class)
                    .hasMessage("the bank selection my choice " + problem);
        }
    }

    @Test
    void usesASelectionOfOnesOwn() {
        int[] firstPicture = IntStream.range(0, 16).toArray();
        try (var detector = with(builder -> builder.bankSelection(new Chosen(firstPicture)));
                var all = with(builder -> builder)) {
            var bank = detector.index("bolt", NORMALS);

            assertThat(bank.tokens(1)).isEqualTo(16);
            assertThat(bank.data(1))
                    .isEqualTo(all.index("bolt", NORMALS)
                            .data(1)
                            .limit(bank.data(1).capacity()));
            assertThat(detector.detect(NORMALS.get(0), bank).vision().orElseThrow())
                    .isCloseTo(0, within(1e-5));
            assertThat(detector.detect(NORMALS.get(1), bank).vision().orElseThrow())
                    .isGreaterThan(0.01);
        }
    }

    // ---- geometries

    /** The nearest patch, with a change to the operator. */
    private record Nearest(int moreRows, int moreColumns, double factor) implements MapGeometry {
        @Override
        public String description() {
            return "nearest";
        }

        @Override
        public double[][] operator(int grid, int side, int patchSize) {
            double[][] weights = new double[side + moreRows][grid + moreColumns];
            for (int o = 0; o < weights.length; o++) {
                weights[o][Math.min(grid - 1, o / patchSize)] = factor;
            }
            return weights;
        }
    }

    @Test
    void refusesAGeometrysWrongOperator() {
        for (var wrong : List.of(
                new Nearest(1, 0, 1), new Nearest(-60, 0, 1), new Nearest(0, 1, 1), new Nearest(0, 0, Double.NaN))) {
            assertThatThrownBy(() -> with(builder -> builder.geometry(wrong)))
                    .isInstanceOf(DetectionException.class)
                    .hasMessage("the map geometry nearest must give finite weights [60][4] but didn't");
        }
    }

    @Test
    void usesAGeometryOfOnesOwn() {
        try (var detector = with(builder -> builder.geometry(new Nearest(0, 0, 1)))) {
            var map = detector.detect(TinyDetectors.picture(60, 60, 1), "bolt").map();

            for (int y = 0; y < 60; y++) {
                for (int x = 0; x < 60; x++) {
                    assertThat(map.value(x, y))
                            .isEqualTo(map.value(Math.min(42, x / 14 * 14), Math.min(42, y / 14 * 14)));
                }
            }
            assertThat(map.value(0, 0)).isNotEqualTo(map.value(14, 0));
        }
    }

    // ---- prompts and settings

    @Test
    void usesPromptsFromAFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.json"),
                "{\"id\":\"mine\",\"normalStates\":[\"clean {}\"],\"abnormalStates\":[\"dirty {}\"],"
                        + "\"templates\":[\"a scan of {}.\"]}");
        var prompts = PromptEnsemble.read(file);
        try (var detector = with(builder -> builder.prompts(prompts));
                var plain = with(builder -> builder);
                var swapped = with(builder -> builder.prompts(
                        new PromptEnsemble("x", List.of("dirty {}"), List.of("clean {}"), List.of("a scan of {}."))))) {
            var found = detector.detect(PICTURE, "bolt");

            assertThat(found.language())
                    .isNotEqualTo(plain.detect(PICTURE, "bolt").language());
            assertThat(found.provenance().entries().get("settings"))
                    .asString()
                    .contains("prompts=mine(" + prompts.fingerprint() + ")");
            // the other way round is the rest to 1
            assertThat(swapped.detect(PICTURE, "bolt").language()).isCloseTo(1 - found.language(), within(1e-6));
            // names that are said alike score alike
            assertThat(detector.detect(PICTURE, "Bolt_12").language()).isEqualTo(found.language());
            assertThat(detector.detect(PICTURE, "nut").language()).isNotEqualTo(found.language());
        }
    }

    @Test
    void blursMaps() {
        try (var blurred = with(builder -> builder.blur(6));
                var sharp = with(builder -> builder)) {
            var picture = TinyDetectors.picture(60, 60, 1);
            var soft = blurred.detect(picture, "bolt");
            var hard = sharp.detect(picture, "bolt");

            assertThat(soft.score()).isEqualTo(hard.score());
            assertThat(soft.map().max()).isLessThan(hard.map().max());
        }
    }

    @Test
    void rejectsSettingsOutOfRange() {
        var builder = VladSettings.builder();
        assertThatThrownBy(() -> builder.inputSide(0)).hasMessage("inputSide must be in [1, 4096] but was 0");
        assertThatThrownBy(() -> builder.batchSize(0)).hasMessage("batchSize must be in [1, 256] but was 0");
        assertThatThrownBy(() -> builder.rotations(2)).hasMessage("rotations must be 1 or 4 but was 2");
        assertThatThrownBy(() -> builder.blur(Double.NaN))
                .hasMessageContaining("sigma must be in [0.0, 100.0] but was NaN");
        assertThatThrownBy(() -> builder.imageLogitScale(0)).hasMessageContaining("imageLogitScale must be in");
        assertThatThrownBy(() -> builder.pixelLogitScale(-1)).hasMessageContaining("pixelLogitScale must be in");
        assertThatThrownBy(() -> Fusion.weighted(-1, 1)).hasMessageContaining("language must be in");
        assertThatThrownBy(() -> Fusion.weighted(0, 0, 1)).hasMessageContaining("must be above 0");
    }

    @Test
    void keepsTheSpecificationsPresets() {
        var paper = VladSettings.paper();
        assertThat(paper.inputSide()).hasValue(512);
        assertThat(paper.toString())
                .contains(
                        "prompts=anomalygpt(",
                        "logitScales=100.0/100.0",
                        "SUM",
                        "align-corners",
                        "blur=0.0",
                        "fusion=sum",
                        "bankTokens=ADAPTED,",
                        "halfPrecisionBank=false",
                        "coreset(65536)",
                        "rotations=1");
        assertThat(VladSettings.sdk().toString())
                .contains("inputSide=of the backbone", "patch-exact", "ADAPTED_IF_TRAINED", "halfPrecisionBank=true");
        assertThat(paper.toBuilder().build().toString()).isEqualTo(paper.toString());
        assertThat(BackboneSpec.openAi().inputSide()).isEqualTo(518);
        assertThat(BackboneSpec.laion2bL14().mean()).containsOnly(0.5);
        assertThat(BackboneSpec.laion().activation()).hasValue(BackboneSpec.Activation.GELU);
    }
}
