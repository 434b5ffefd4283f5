// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.SafetensorsFile;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceBankTest {
    private static final List<RgbImage> NORMALS = TinyDetectors.pictures(3, 64, 48, 50);
    private static final RgbImage PICTURE = TinyDetectors.picture(50, 30, 99);

    @TempDir
    private static Path model;

    private static VladDetector detector;
    private static ReferenceBank bank;

    @TempDir
    private Path folder;

    @BeforeAll
    static void load() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        detector = builder().build();
        bank = detector.index("bolt", NORMALS);
    }

    private static VladDetector.Builder builder() {
        return TinyDetectors.on(model).adapter(TinyDetectors.adapters(2, Map.of()));
    }

    @AfterAll
    static void close() {
        detector.close();
    }

    // ---- made by hand

    @Test
    void refusesTokensThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceBank.of("a", "e", 4, false, List.of(new float[6]), List.of()))
                .withMessage("a stage must have a positive multiple of 4 numbers but had 6");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceBank.of("a", "e", 4, false, List.of(new float[0]), List.of()))
                .withMessageContaining("but had 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceBank.of("a", "e", 0, false, List.of(new float[4]), List.of()))
                .withMessageContaining("width must be at least 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceBank.of("a", "e", 4, false, List.of(), List.of()))
                .withMessageContaining("stages must have an element");
    }

    @Test
    void cannotBeChangedFromOutside() {
        float[] tokens = {1, 0, 0, 1};
        var made = ReferenceBank.of("a", "e", 2, false, List.of(tokens), List.of("s"));
        tokens[0] = 7;

        assertThat(made.data(0).getFloat()).isEqualTo(1);
        assertThat(made.data(0).isReadOnly()).isTrue();
        assertThat(made.tokens(0)).isEqualTo(2);
        assertThat(made.sizeInBytes()).isEqualTo(16);
        assertThat(made.toString()).contains("a", "1 pictures", "16 bytes");
    }

    @Test
    void refusesToMergeWhatDoesNotBelongTogether() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReferenceBank.merge(List.of()))
                .withMessage("banks must have an element but is empty");
        var one = ReferenceBank.of("a", "e", 2, false, List.of(new float[2]), List.of());
        for (var other : List.of(
                ReferenceBank.of("b", "e", 2, false, List.of(new float[2]), List.of()),
                ReferenceBank.of("a", "f", 2, false, List.of(new float[2]), List.of()),
                ReferenceBank.of("a", "e", 1, false, List.of(new float[2]), List.of()),
                ReferenceBank.of("a", "e", 2, true, List.of(new float[2]), List.of()),
                ReferenceBank.of("a", "e", 2, false, List.of(new float[2], new float[2]), List.of()))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ReferenceBank.merge(List.of(one, other)))
                    .withMessageContaining("banks must have one category, encoder and precision but were")
                    .withMessageContaining(other.toString());
        }
    }

    @Test
    void mergesBanksToTheBankOfAllPictures() {
        var merged = ReferenceBank.merge(NORMALS.stream()
                .map(normal -> detector.index("bolt", List.of(normal)))
                .toList());

        assertThat(merged.sources()).isEqualTo(bank.sources()).hasSize(3);
        assertThat(merged.calibration()).isEmpty();
        for (int stage = 0; stage < bank.stages(); stage++) {
            assertThat(merged.tokens(stage)).isEqualTo(bank.tokens(stage));
        }
        var one = detector.detect(PICTURE, bank);
        var other = detector.detect(PICTURE, merged);
        assertThat(other.score()).isCloseTo(one.score(), within(1e-5));
    }

    // ---- sizes

    @Test
    void takesAsMuchAsWasForetold() {
        assertThat(bank.sizeInBytes())
                .isEqualTo(4L * 4 * 16 * 3 * 16); // 4 bytes, 4 stages, 16 patches, 3 pictures, width 16
        assertThat(detector.bankBytes(3, 64, 48)).isEqualTo(bank.sizeInBytes());
        for (var settings : List.of(
                TinyDetectors.settings().toBuilder().halfPrecisionBank(true).build(),
                TinyDetectors.settings().toBuilder().rotations(4).build(),
                TinyDetectors.settings().toBuilder()
                        .bankTokens(VladSettings.BankTokens.RAW)
                        .build(),
                TinyDetectors.settings().toBuilder().tiling(new Tiling(30, 4)).build(),
                TinyDetectors.settings().toBuilder()
                        .bankSelection(BankSelection.coreset(13))
                        .build())) {
            try (var other = builder().settings(settings).build()) {
                assertThat(other.index("bolt", NORMALS).sizeInBytes())
                        .as("%s", settings)
                        .isEqualTo(other.bankBytes(3, 64, 48));
            }
        }
    }

    @Test
    void keepsScoresInHalfPrecision() {
        try (var half = builder()
                .settings(TinyDetectors.settings().toBuilder()
                        .halfPrecisionBank(true)
                        .build())
                .build()) {
            var narrow = half.index("bolt", NORMALS);
            assertThat(narrow.isHalfPrecision()).isTrue();
            assertThat(narrow.sizeInBytes()).isEqualTo(bank.sizeInBytes() / 2);

            var found = half.detect(PICTURE, narrow);
            var expected = detector.detect(PICTURE, bank);

            // four stages, 5e-4 each
            assertThat(found.vision().orElseThrow())
                    .isCloseTo(expected.vision().orElseThrow(), within(1e-3))
                    .isNotEqualTo(expected.vision().orElseThrow());
            // precision isn't part of the encoder: a bank serves detectors of both
            assertThat(detector.detect(PICTURE, narrow).map()).isEqualTo(found.map());
        }
    }

    @Test
    void choosesACoresetEquallyEveryTime() {
        var settings = TinyDetectors.settings().toBuilder()
                .bankSelection(BankSelection.coreset(20))
                .seed(5)
                .build();
        try (var small = builder().settings(settings).build();
                var other =
                        builder().settings(settings.toBuilder().seed(6).build()).build()) {
            var first = small.index("bolt", NORMALS);
            assertThat(first.tokens(0)).isEqualTo(20);
            assertThat(first.tokens(3)).isEqualTo(20);
            assertThat(small.index("bolt", NORMALS).data(2)).isEqualTo(first.data(2));
            assertThat(other.index("bolt", NORMALS).data(2)).isNotEqualTo(first.data(2));
            // fewer references can only be farther
            assertThat(small.detect(PICTURE, first).vision().orElseThrow())
                    .isGreaterThanOrEqualTo(
                            detector.detect(PICTURE, bank).vision().orElseThrow() - 1e-5);
        }
    }

    // ---- files

    @Test
    void givesTheSameScoresOnceSavedAndLoaded() throws IOException {
        var calibration = new Calibration(0.7, 1.25, 0.3, 0.4, "by \"hand\"");
        Path file = folder.resolve("bolt.safetensors");
        bank.withCalibration(calibration).save(file);

        var loaded = ReferenceBank.load(file);

        assertThat(loaded.category()).isEqualTo("bolt");
        assertThat(loaded.encoder()).isEqualTo(bank.encoder());
        assertThat(loaded.sources()).isEqualTo(bank.sources());
        assertThat(loaded.width()).isEqualTo(16);
        assertThat(loaded.stages()).isEqualTo(4);
        assertThat(loaded.calibration()).contains(calibration);
        assertThat(bank.calibration()).isEmpty();
        assertThat(loaded.sizeInBytes()).isEqualTo(bank.sizeInBytes());
        var expected = detector.detect(PICTURE, bank);
        var found = detector.detect(PICTURE, loaded);
        assertThat(found.score()).isEqualTo(expected.score());
        assertThat(found.map()).isEqualTo(expected.map());
        assertThat(found.decision().threshold()).hasValue(0.7);
    }

    @Test
    void savesEqualBytesForEqualBanks() throws IOException {
        bank.save(folder.resolve("1"));
        detector.index("bolt", NORMALS).save(folder.resolve("2"));

        assertThat(Files.mismatch(folder.resolve("1"), folder.resolve("2"))).isEqualTo(-1);
    }

    @Test
    void savesABankWithoutSourcesInHalfPrecision() throws IOException {
        var made = ReferenceBank.of("ü", "e", 2, true, List.of(new float[] {0.5f, -1}), List.of());
        made.save(folder.resolve("b"));

        var loaded = ReferenceBank.load(folder.resolve("b"));

        assertThat(loaded.category()).isEqualTo("ü");
        assertThat(loaded.sources()).isEmpty();
        assertThat(loaded.isHalfPrecision()).isTrue();
        assertThat(loaded.data(0)).isEqualTo(made.data(0));
    }

    @Test
    void refusesBanksOfAnotherBackboneSideOrAdapter() throws IOException {
        Path otherModel = TinyClip.seeded(2).writeHuggingFace(folder, Dtype.F32);
        var otherAdapter = TinyDetectors.adapters(3, Map.of());
        var otherSide = TinyDetectors.settings().toBuilder().inputSide(42).build();
        var raw = TinyDetectors.settings().toBuilder()
                .bankTokens(VladSettings.BankTokens.RAW)
                .build();
        for (var other : List.of(
                builder().modelDirectory(otherModel),
                builder()
                        .backbone(TinyDetectors.SPEC
                                .withStages(List.of(1, 2, 3, 4))
                                .withActivation(BackboneSpec.Activation.GELU)),
                builder().adapter(otherAdapter),
                builder().settings(otherSide),
                builder().settings(raw))) {
            try (var refusing = other.build()) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> refusing.detect(PICTURE, bank))
                        .withMessageContaining(
                                "the bank of \"bolt\" was made with another backbone, input side or adapter: index it again")
                        .withMessageContaining(bank.encoder())
                        .withMessageContaining(refusing.encoder());
                assertThatIllegalArgumentException().isThrownBy(() -> refusing.register(bank));
            }
        }
    }

    @Test
    void refusesBanksThatOnlyClaimToFit() {
        var made = ReferenceBank.of("bolt", detector.encoder(), 16, false, List.of(new float[16]), List.of());
        assertThatIllegalArgumentException().isThrownBy(() -> detector.detect(PICTURE, made));
        float[] wide = new float[17];
        var other = ReferenceBank.of("bolt", detector.encoder(), 17, false, List.of(wide, wide, wide, wide), List.of());
        assertThatIllegalArgumentException().isThrownBy(() -> detector.detect(PICTURE, other));
    }

    @Test
    void refusesScoresOfABankWithNotANumber() throws IOException {
        float[] one = new float[16 * 5];
        Arrays.fill(one, 0.25f);
        float[] broken = one.clone();
        broken[40] = Float.NaN;
        Path file = folder.resolve("nan");
        ReferenceBank.of("bolt", detector.encoder(), 16, false, List.of(one, one, broken, one), List.of())
                .save(file);

        assertThatThrownBy(() -> detector.detect(PICTURE, ReferenceBank.load(file)))
                .isInstanceOf(DetectionException.class)
                .hasMessageContaining("the bank hold NaN");
    }

    @Test
    void refusesFilesThatAreNoBanks() throws IOException {
        assertThatThrownBy(() -> ReferenceBank.load(folder.resolve("absent"))).isInstanceOf(ModelLoadException.class);
        Path adapters = folder.resolve("adapters");
        TinyDetectors.adapters(1, Map.of()).save(adapters);
        assertThatThrownBy(() -> ReferenceBank.load(adapters))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("holds no reference bank of format 1");
        assertThatThrownBy(() -> ReferenceBank.load(model.resolve("model.safetensors")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("holds no reference bank of format 1");
    }

    @Test
    void refusesFilesWithWrongTensors() throws IOException {
        assertRefused(writer(), "bank.0", "is missing");
        assertRefused(writer().tensor("bank.0", new float[4], 4), "bank.0", "must be a matrix of F32 or F16");
        assertRefused(writer().tensor("bank.0", new float[0], 0, 4), "bank.0", "must be a matrix of F32 or F16");
        assertRefused(writer().tensor("bank.0", new float[0], 4, 0), "bank.0", "must be a matrix of F32 or F16");
        assertRefused(
                writer().tensor("bank.0", Dtype.BF16, ByteBuffer.allocate(8), 2, 2),
                "bank.0",
                "must be a matrix of F32 or F16");
        assertRefused(
                writer().tensor("bank.0", new float[4], 2, 2).tensor("bank.1", new float[3], 1, 3),
                "bank.1",
                "must have the width and dtype of bank.0");
        assertRefused(
                writer().tensor("bank.0", new float[4], 2, 2).tensor("bank.1", Dtype.F16, ByteBuffer.allocate(8), 2, 2),
                "bank.1",
                "must have the width and dtype of bank.0");
        for (String json : List.of("{", "null", "[]", "{}", "{\"imageThreshold\":\"NaN\"}", "7")) {
            assertRefused(
                    writer().note("calibration", json).tensor("bank.0", new float[4], 2, 2),
                    "calibration",
                    "is damaged");
        }
    }

    private static SafetensorsWriter writer() {
        return new SafetensorsWriter().note("format", "1").note("kind", "vlad-bank");
    }

    private void assertRefused(SafetensorsWriter writer, String part, String problem) throws IOException {
        Path file = folder.resolve("wrong");
        writer.write(file);
        assertThatThrownBy(() -> ReferenceBank.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(part)
                .hasMessageContaining(problem);
    }

    @Test
    void refusesFilesThatWereCutOffAnywhere() throws IOException {
        Path file = folder.resolve("bank");
        bank.save(file);
        byte[] whole = Files.readAllBytes(file);
        var random = new Random(23);
        for (int round = 0; round < 60; round++) {
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThatThrownBy(() -> ReferenceBank.load(file))
                    .as("round %d", round)
                    .isInstanceOf(ModelLoadException.class);
        }
    }

    @Test
    void loadsOrRefusesADamagedFileButDoesNothingElse() throws IOException {
        Path file = folder.resolve("bank");
        bank.withCalibration(Calibration.manual(1, 1)).save(file);
        byte[] whole = Files.readAllBytes(file);
        int header;
        try (var stored = SafetensorsFile.open(file)) {
            header = (int) stored.get("bank.0").offset();
        }
        var random = new Random(31);
        int refused = 0;
        for (int round = 0; round < 200; round++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(header)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            try {
                assertThat(ReferenceBank.load(file).sizeInBytes()).isPositive();
            } catch (ModelLoadException e) {
                assertThat(e).hasMessageContaining(file.toString());
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(50);
    }
}
