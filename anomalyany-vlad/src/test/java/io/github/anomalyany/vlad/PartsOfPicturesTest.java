// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tiles, regions of interest and quarter turns. */
class PartsOfPicturesTest {
    private static final int SIDE = 60;

    @TempDir
    private static Path model;

    private static VladDetector plain;

    @BeforeAll
    static void load() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        plain = with(TinyDetectors.settings());
    }

    @AfterAll
    static void close() {
        plain.close();
    }

    private static VladDetector with(VladSettings settings) {
        return TinyDetectors.on(model)
                .adapter(TinyDetectors.adapters(2, Map.of()))
                .settings(settings)
                .build();
    }

    private static Detection detect(VladDetector detector, RgbImage picture, Mask region) {
        return detector.detect(
                        List.of(picture),
                        "bolt",
                        detector.bank("bolt"),
                        DetectOptions.none().withRegion(region))
                .get(0);
    }

    // ---- regions of interest

    @Test
    void refusesARegionThatDoesNotFit() {
        var picture = TinyDetectors.picture(40, 30, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detect(plain, picture, Mask.full(30, 40)))
                .withMessage("region must be 40×30 as the picture is, but was 30×40");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detect(plain, picture, Mask.empty(40, 30)))
                .withMessage("region must have a pixel set but is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain.index("bolt", List.of(picture), Optional.of(Mask.full(40, 31))))
                .withMessage("region must be 40×30 as the picture is, but was 40×31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plain.index(
                        "bolt", List.of(picture), Optional.of(Mask.rectangle(40, 30, new Region(0, 0, 1, 1)))))
                .withMessageContaining("region must hold the centre of a patch of 14 pixels");
    }

    @Test
    void changesNothingWithARegionOfEverything() {
        var picture = TinyDetectors.picture(70, 41, 2);

        var found = detect(plain, picture, Mask.full(70, 41));

        var expected = plain.detect(picture, "bolt");
        assertThat(found.map()).isEqualTo(expected.map());
        assertThat(found.score()).isEqualTo(expected.score());
    }

    @ParameterizedTest
    @CsvSource({"60, 60", "300, 200", "25, 31"})
    void scoresNothingOutsideTheRegion(int width, int height) {
        var settings = TinyDetectors.settings().toBuilder()
                .fusion(Fusion.weighted(1, 1, 1))
                .build();
        try (var detector = with(settings)) {
            var bank = detector.index("bolt", TinyDetectors.pictures(1, width, height, 30));
            detector.register(bank);
            var picture = TinyDetectors.picture(width, height, 3);
            var whole = detector.detect(picture, bank);
            // the half that doesn't hold the highest score
            var half = new Region(0, 0, width / 2, height);
            boolean left = highestColumn(whole) < width / 2;
            var region = left ? Mask.rectangle(width, height, half).invert() : Mask.rectangle(width, height, half);

            var found = detect(detector, picture, region);

            double inside = 0;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    if (!region.contains(x, y)) {
                        assertThat(found.map().value(x, y)).isZero();
                    } else {
                        inside = Math.max(inside, whole.map().value(x, y));
                        assertThat(found.map().value(x, y))
                                .isLessThanOrEqualTo(whole.map().value(x, y) + 1e-6f);
                    }
                }
            }
            assertThat(found.language()).isEqualTo(whole.language());
            assertThat(found.vision().orElseThrow())
                    .isLessThanOrEqualTo(whole.vision().orElseThrow());
            // language, vision and the map's maximum: the last two fall with what is outside
            double most = found.score() - found.language() - found.vision().orElseThrow();
            assertThat(most)
                    .isCloseTo(inside, within(0.05))
                    .isLessThan(whole.map().max());
        }
    }

    private static int highestColumn(Detection found) {
        float[] map = found.map().toArray();
        int at = 0;
        for (int i = 0; i < map.length; i++) {
            at = map[i] > map[at] ? i : at;
        }
        return at % found.map().width();
    }

    @Test
    void seesARegionThatIsThinnerThanThePixelsOfTheInput() {
        var picture = TinyDetectors.picture(900, 700, 4);
        plain.register(plain.index("bolt", TinyDetectors.pictures(1, 900, 700, 30)));
        for (int x = 0; x < 900; x += 131) {
            var found = detect(plain, picture, Mask.rectangle(900, 700, new Region(x, 333, 1, 1)));

            assertThat(found.vision().orElseThrow()).as("column %d", x).isPositive();
            assertThat(found.map().max())
                    .as("column %d", x)
                    .isEqualTo(found.map().value(x, 333))
                    .isPositive();
        }
    }

    @Test
    void keepsPatchesOutsideTheRegionOutOfTheBank() {
        var picture = TinyDetectors.picture(SIDE, SIDE, 5);
        var all = plain.index("part", List.of(picture));
        var left = plain.index(
                "part", List.of(picture), Optional.of(Mask.rectangle(SIDE, SIDE, new Region(0, 0, 30, SIDE))));

        assertThat(all.tokens(0)).isEqualTo(16);
        assertThat(left.tokens(0)).isEqualTo(8);
        var row = 4 * all.width();
        for (int token = 0; token < 8; token++) { // two columns of four
            byte[] kept = new byte[row];
            byte[] wanted = new byte[row];
            left.data(2).position(token * row).get(kept);
            all.data(2).position((token / 2 * 4 + token % 2) * row).get(wanted);
            assertThat(kept).as("token %d", token).isEqualTo(wanted);
        }
    }

    // ---- tiles

    @ParameterizedTest
    @CsvSource({"150, 101", "61, 60", "59, 200", "20, 30", "1, 70"})
    void averagesTheMapsOfItsTiles(int width, int height) {
        var tiling = new Tiling(SIDE, 12);
        var settings = TinyDetectors.settings().toBuilder().tiling(tiling).build();
        try (var tiled = with(settings)) {
            var picture = TinyDetectors.picture(width, height, 6);
            double[] sum = new double[width * height];
            int[] count = new int[width * height];
            double language = 0;
            for (Region tile : tiling.tiles(width, height)) {
                var part = plain.detect(picture.crop(tile), "nut");
                language = Math.max(language, part.language());
                for (int y = 0; y < tile.height(); y++) {
                    for (int x = 0; x < tile.width(); x++) {
                        int at = (tile.y() + y) * width + tile.x() + x;
                        sum[at] += part.map().value(x, y);
                        count[at]++;
                    }
                }
            }

            var found = tiled.detect(picture, "nut");

            assertThat(found.language()).isCloseTo(language, within(1e-6));
            for (int i = 0; i < sum.length; i++) {
                assertThat(count[i]).isPositive();
                assertThat((double) found.map().toArray()[i]).isCloseTo(sum[i] / count[i], within(1e-5));
            }
        }
    }

    @Test
    void cutsReferencesTheSameWay() {
        var settings = TinyDetectors.settings().toBuilder()
                .tiling(new Tiling(SIDE, 12))
                .build();
        try (var tiled = with(settings)) {
            var picture = TinyDetectors.picture(150, 101, 7);
            var bank = tiled.index("bolt", List.of(picture));

            assertThat(bank.tokens(0)).isEqualTo(3 * 2 * 16);
            assertThat(tiled.detect(picture, bank).vision().orElseThrow()).isCloseTo(0, within(1e-5));
            assertThatIllegalArgumentException().isThrownBy(() -> plain.detect(picture, bank));
        }
    }

    @Test
    void leavesTilesOutsideTheRegionAlone() {
        var settings =
                TinyDetectors.settings().toBuilder().tiling(new Tiling(SIDE, 0)).build();
        try (var tiled = with(settings)) {
            var picture = TinyDetectors.picture(120, 60, 8);
            var found = detect(tiled, picture, Mask.rectangle(120, 60, new Region(0, 0, 60, 60)));

            var left = plain.detect(picture.crop(new Region(0, 0, 60, 60)), "nut");
            assertThat(found.map().value(90, 30)).isZero();
            var again = tiled.detect(
                            List.of(picture),
                            "nut",
                            Optional.empty(),
                            DetectOptions.none().withRegion(Mask.rectangle(120, 60, new Region(0, 0, 60, 60))))
                    .get(0);
            assertThat(again.language()).isCloseTo(left.language(), within(1e-6));
        }
    }

    // ---- quarter turns

    @Test
    void knowsReferencesInAllQuarterTurns() {
        var settings = TinyDetectors.settings().toBuilder().inputSide(56).build();
        try (var once = with(settings);
                var four = with(settings.toBuilder().rotations(4).build())) {
            var picture = TinyDetectors.picture(56, 56, 9);
            var bank = four.index("bolt", List.of(picture));
            var single = once.index("bolt", List.of(picture));
            assertThat(bank.tokens(0)).isEqualTo(64);
            var turned = picture;
            for (int turn = 0; turn < 4; turn++) {
                assertThat(four.detect(turned, bank).vision().orElseThrow())
                        .as("turn %d", turn)
                        .isCloseTo(0, within(1e-5));
                if (turn > 0) {
                    assertThat(once.detect(turned, single).vision().orElseThrow())
                            .as("turn %d", turn)
                            .isGreaterThan(0.02);
                }
                turned = turned(turned);
            }
            assertThat(turned).isEqualTo(picture);
        }
    }

    @Test
    void turnsTheRegionWithTheReference() {
        var settings = TinyDetectors.settings().toBuilder().inputSide(56).build();
        try (var once = with(settings);
                var four = with(settings.toBuilder().rotations(4).build())) {
            var picture = TinyDetectors.picture(56, 56, 9);
            var top = Mask.rectangle(56, 56, new Region(0, 0, 56, 14));

            var bank = four.index("bolt", List.of(picture), Optional.of(top));

            // turned clockwise, the top is on the right
            var right = Mask.rectangle(56, 56, new Region(42, 0, 14, 56));
            var second = once.index("bolt", List.of(turned(picture)), Optional.of(right));
            assertThat(bank.tokens(0)).isEqualTo(16);
            float[] fromFour = new float[4 * 16];
            float[] fromOne = new float[4 * 16];
            bank.data(0).asFloatBuffer().position(4 * 16).get(fromFour);
            second.data(0).asFloatBuffer().get(fromOne);
            for (int i = 0; i < fromOne.length; i++) {
                assertThat(fromFour[i]).isCloseTo(fromOne[i], within(1e-5f));
            }
        }
    }

    /** By 90°, clockwise. */
    private static RgbImage turned(RgbImage square) {
        int side = square.width();
        byte[] rgb = new byte[3 * side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                int colour = square.rgb(y, side - 1 - x);
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * side + x) + c] = (byte) (colour >> (16 - 8 * c));
                }
            }
        }
        return RgbImage.of(side, side, rgb);
    }
}
