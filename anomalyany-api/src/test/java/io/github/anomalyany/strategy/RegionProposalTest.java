// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.internal.image.ConnectedComponents;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegionProposalTest {
    private static final RegionProposal FOREGROUND = RegionProposal.foreground();
    private static final int SEEDS = 200;

    private static RgbImage grey(int width, int height, IntBinaryOperator level) {
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) Math.max(0, Math.min(255, level.applyAsInt(i / 3 % width, i / 3 / width)));
        }
        return RgbImage.of(width, height, rgb);
    }

    private static double overlap(Mask a, Mask b) {
        int both = a.and(b).area();
        return (double) both / (a.area() + b.area() - both);
    }

    private static List<Path> samples(String noun) throws IOException {
        Path data = Goldens.own().root().resolve("../../anomalyany-examples/sample-data");
        try (Stream<Path> files = Files.list(data.resolve(noun).resolve("train/good"))) {
            return files.sorted().toList();
        }
    }

    // refusals

    @Test
    void refusesAnEmptyMask() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionProposal.mask(Mask.empty(3, 2)))
                .withMessageContaining("is empty; use wholeImage()");
    }

    @Test
    void refusesAMaskOfAnotherSize() {
        var proposal = RegionProposal.mask(Mask.full(3, 2));
        var picture = RgbImage.of(2, 3, new byte[18]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proposal.propose(picture, 0, 0))
                .withMessage("mask must be 2×3 as the normal picture is, but was 3×2");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        RegionProposal.random(Shape.ELLIPSE, 0.1, 1, proposal).propose(picture, 0, 0))
                .withMessageContaining("2×3");
    }

    @ParameterizedTest
    @CsvSource({"0, .5", "-.1, .5", ".5, .4", ".5, 1.01", "NaN, .5", ".5, NaN"})
    void refusesAreasOutOfRange(double least, double most) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionProposal.random(Shape.ANY, least, most))
                .withMessageContaining("were " + least + " and " + most);
    }

    @Test
    @SuppressWarnings("NullAway") // what a caller without null checks may do
    void refusesNulls() {
        assertThatNullPointerException().isThrownBy(() -> RegionProposal.random(null, 0.1, 0.2));
        assertThatNullPointerException().isThrownBy(() -> RegionProposal.random(Shape.ANY, 0.1, 0.2, null));
        assertThatNullPointerException().isThrownBy(() -> RegionProposal.mask(null));
    }

    @Test
    void theOtherProposalServesThePicturesThatTheFirstRefuses() {
        var proposal = RegionProposal.foreground().orElse(RegionProposal.wholeImage());
        var plain = RgbImage.of(9, 9, new byte[243]);
        assertThat(proposal.propose(plain, 0, 0)).isEqualTo(Mask.full(9, 9));
        assertThat(proposal.description()).isEqualTo("foreground or whole-image");
        var small = RegionProposal.mask(Mask.rectangle(9, 9, new Region(1, 1, 2, 2)));
        assertThat(small.orElse(RegionProposal.wholeImage())
                        .propose(plain, 0, 0)
                        .area())
                .isEqualTo(4);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RegionProposal.foreground().orElse(small).propose(RgbImage.of(1, 1, new byte[3]), 0, 0));
    }

    @Test
    void refusesANegativeImage() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionProposal.random(Shape.ANY, 0.1, 0.2, RegionProposal.wholeImage())
                        .propose(RgbImage.of(9, 9, new byte[243]), 0, -1))
                .withMessage("image must be 0 or more but was -1");
    }

    @Test
    void refusesARangeWithoutAWholePixel() {
        var three = RegionProposal.mask(Mask.rectangle(20, 20, new Region(4, 4, 3, 1)));
        var picture = RgbImage.of(20, 20, new byte[1200]);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RegionProposal.random(Shape.ANY, 0.02, 0.1, three).propose(picture, 0, 0))
                .withMessageContaining("0.02 to 0.1 of the 3 pixels")
                .withMessageContaining("widen");
        for (Shape shape : Shape.values()) {
            assertThat(RegionProposal.random(shape, 0.02, 0.5, three)
                            .propose(picture, 0, 0)
                            .area())
                    .isEqualTo(1);
        }
    }

    @Test
    void refusesARegionInPartsThatAreTooSmall() {
        boolean[] dots = new boolean[30 * 30];
        for (int i = 0; i < dots.length; i++) {
            dots[i] = i % 3 == 0 && i / 30 % 3 == 0;
        }
        var inside = RegionProposal.mask(Mask.of(30, 30, dots));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionProposal.random(Shape.ELLIPSE, 0.02, 0.1, inside)
                        .propose(RgbImage.of(30, 30, new byte[2700]), 5, 0))
                .withMessageContaining("no connected part of mask(area=100,width=30,height=30) has 2 pixels")
                .withMessageContaining("lower minArea");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 10000", "10000, 1", "2, 2", "64, 64", "700, 300"})
    void refusesOneColour(int width, int height) {
        assertRefuses(grey(width, height, (x, y) -> 90), "differ from the border's by 0.0 of 255 levels");
    }

    @Test
    void refusesFaintNoiseAndALineOfPixels() {
        var random = new SplittableRandom(1);
        assertRefuses(grey(200, 200, (x, y) -> 100 + random.nextInt(5)), "levels, at least 4 are needed");
        assertRefuses(grey(1, 10_000, (x, y) -> y / 3000 == 1 ? 200 : 20), "cut by the border");
    }

    @Test
    void refusesShading() {
        assertRefuses(
                grey(256, 256, (x, y) -> 220 - ((x - 128) * (x - 128) + (y - 128) * (y - 128)) / 200),
                "shading rather than an object");
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 256, 700})
    void refusesTextures(int side) {
        var random = new SplittableRandom(side);
        assertRefuses(grey(side, side, (x, y) -> random.nextInt(256)), "texture"); // grass
        int tile = side / 6;
        assertRefuses(grey(side, side, (x, y) -> x % tile < 2 || y % tile < 2 ? 200 : 70), "texture");
        assertRefuses(grey(side, side, (x, y) -> x / tile % 2 == 0 ? 180 : 90), "texture");
        assertRefuses(grey(side, side, (x, y) -> (x / tile + y / tile) % 2 == 0 ? 30 : 220), "texture");
    }

    @ParameterizedTest
    @ValueSource(strings = {"wood", "brick"})
    void refusesTheSampleTextures(String noun) throws IOException {
        for (Path file : samples(noun)) {
            assertRefuses(RgbImage.read(file), "cut by the border");
        }
    }

    @Test
    void refusesASpeckAndAnObjectThatTheBorderCuts() {
        var speck = Mask.rectangle(256, 256, new Region(100, 100, 12, 12));
        assertRefuses(DrawnPictures.object(speck, 0xffffff, 0, 1), "covers 0.");
        var strip = Mask.rectangle(256, 256, new Region(100, 0, 60, 256));
        assertRefuses(DrawnPictures.object(strip, 0xffffff, 0, 1), "cut by the border");
    }

    private static void assertRefuses(RgbImage picture, String finding) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FOREGROUND.propose(picture, 0, 0))
                .withMessageStartingWith("found no object in the picture: ")
                .withMessageContaining(finding)
                .withMessageEndingWith("give a mask with region(...) or use RegionProposal.wholeImage()");
    }

    // foreground

    /** The last two colours have equal luma, 0.299 R + 0.587 G + 0.114 B. */
    @ParameterizedTest
    @CsvSource({"e0e0e0, 202020", "202020, e0e0e0", "303030, c03020", "c03020, 3040c0", "b2595a, 258b26"})
    void findsLightDarkAndColouredObjects(String object, String background) {
        for (int side : new int[] {20, 48, 256, 1100}) {
            Mask truth = DrawnPictures.middle(side, side);
            var picture =
                    DrawnPictures.object(truth, Integer.parseInt(object, 16), Integer.parseInt(background, 16), side);
            assertThat(overlap(FOREGROUND.propose(picture, 0, 0), truth))
                    .as("side %d", side)
                    .isGreaterThan(0.95);
        }
    }

    @Test
    void findsAnObjectWithoutNoiseInASmallPicture() {
        Mask truth = Mask.rectangle(16, 16, new Region(5, 4, 6, 7));
        var picture = grey(16, 16, (x, y) -> truth.contains(x, y) ? 255 : 0);
        assertThat(FOREGROUND.propose(picture, 0, 0)).isEqualTo(truth);
    }

    @Test
    void findsTheShadedSideOfAnObject() {
        Mask truth = DrawnPictures.middle(256, 256);
        var shaded = grey(256, 256, (x, y) -> truth.contains(x, y) ? 240 - 3 * (x - 64) / 2 : 12);
        assertThat(overlap(FOREGROUND.propose(shaded, 0, 0), truth)).isGreaterThan(0.95);
    }

    @Test
    void fillsAHighlightButNotTheHoleOfARing() {
        Mask disc = DrawnPictures.middle(256, 256);
        Mask highlight = Mask.ellipse(256, 256, new Region(100, 90, 25, 20));
        Mask hole = Mask.ellipse(256, 256, new Region(96, 96, 64, 64));
        var glossy = DrawnPictures.object(disc.and(highlight.invert()), 0x803020, 0xffffff, 1);
        assertThat(overlap(FOREGROUND.propose(glossy, 0, 0), disc)).isGreaterThan(0.95);
        Mask ring = disc.and(hole.invert());
        assertThat(overlap(FOREGROUND.propose(DrawnPictures.object(ring, 0x803020, 0xffffff, 1), 0, 0), ring))
                .isGreaterThan(0.95);
    }

    @Test
    void keepsBothPartsOfAnObjectButNoDust() {
        boolean[] pixels = new boolean[256 * 256];
        for (int y = 0; y < 256; y++) {
            for (int x = 0; x < 256; x++) {
                boolean parts = y > 80 && y < 180 && ((x > 50 && x < 120) || (x > 160 && x < 200));
                pixels[y * 256 + x] = parts;
            }
        }
        Mask two = Mask.of(256, 256, pixels);
        pixels[30 * 256 + 30] = pixels[30 * 256 + 31] = pixels[31 * 256 + 30] = pixels[31 * 256 + 31] = true;
        var picture = DrawnPictures.object(Mask.of(256, 256, pixels), 0, 0xffffff, 3);
        Mask found = FOREGROUND.propose(picture, 0, 0);
        assertThat(overlap(found, two)).isGreaterThan(0.93);
        assertThat(found.contains(30, 30)).isFalse();
    }

    @Test
    void findsTheSameAtEverySize() {
        var large = DrawnPictures.object(DrawnPictures.middle(900, 700), 0xb07030, 0x101820, 4);
        Mask found = FOREGROUND.propose(large, 0, 0);
        Mask small = FOREGROUND.propose(large.resize(225, 175, Resampling.BICUBIC), 0, 0);
        Mask grown = Mask.fromImage(small.toImage().resize(900, 700, Resampling.BICUBIC));
        assertThat(overlap(found, grown)).isGreaterThan(0.97);
    }

    @Test
    void findsTheCapsulesOfTheSamples() throws IOException {
        assertThat(samples("capsule")).hasSizeGreaterThan(10);
        for (Path file : samples("capsule")) {
            Mask found = FOREGROUND.propose(RgbImage.read(file), 0, 0);
            assertThat(found.area()).as("%s", file).isBetween(65_536 / 20, 65_536 / 2);
            Region bounds = found.bounds().orElseThrow();
            assertThat(Math.min(bounds.x(), bounds.y())).as("%s", file).isBetween(6, 127);
            assertThat(Math.min(bounds.x() + bounds.width(), bounds.y() + bounds.height()))
                    .as("%s", file)
                    .isBetween(129, 250);
        }
    }

    // random shapes

    @ParameterizedTest
    @EnumSource
    void drawsOneConnectedPartInsideOfTheAreaAskedFor(Shape shape) {
        var picture = DrawnPictures.object(DrawnPictures.middle(160, 120), 0xe0c040, 0x204020, 5);
        Mask object = FOREGROUND.propose(picture, 0, 0);
        var inside = RegionProposal.mask(object);
        for (long seed = 0; seed < SEEDS; seed++) {
            var random = new SplittableRandom(seed);
            double least = random.nextDouble(0.001, 0.5);
            double most = Math.min(1, least * random.nextDouble(1.1, 3) + 0.01);
            Mask mask = RegionProposal.random(shape, least, most, inside).propose(picture, seed, (int) seed % 7);
            assertThat((double) mask.area() / object.area())
                    .as("area, seed %d", seed)
                    .isBetween(least, most);
            assertThat(mask.and(object)).as("inside, seed %d", seed).isEqualTo(mask);
            assertThat(ConnectedComponents.of(mask).count())
                    .as("parts, seed %d", seed)
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void differsBetweenSeedsAndImagesAndReachesTheWholeObject(Shape shape) {
        var picture = RgbImage.of(120, 90, new byte[120 * 90 * 3]);
        var proposal = RegionProposal.random(shape, 0.02, 0.06, RegionProposal.wholeImage());
        Set<Mask> masks = new HashSet<>();
        Mask missed = Mask.full(120, 90);
        for (int i = 0; i < SEEDS; i++) {
            Mask bySeed = proposal.propose(picture, i + 1, 0);
            Mask byImage = proposal.propose(picture, 0, i);
            masks.add(bySeed);
            masks.add(byImage);
            missed = missed.and(bySeed.invert()).and(byImage.invert());
        }
        assertThat(masks).hasSize(2 * SEEDS);
        assertThat(missed.area()).isLessThan(120 * 90 / 50);
    }

    @ParameterizedTest
    @EnumSource
    void fillsALineOfPixelsAndAWholeRegion(Shape shape) {
        var line = RegionProposal.mask(Mask.rectangle(200, 9, new Region(10, 4, 150, 1)));
        var picture = RgbImage.of(200, 9, new byte[5400]);
        for (long seed = 0; seed < 20; seed++) {
            assertThat(RegionProposal.random(shape, 0.1, 0.1, line)
                            .propose(picture, seed, 0)
                            .area())
                    .isEqualTo(15);
            assertThat(RegionProposal.random(shape, 1, 1, line).propose(picture, seed, 0))
                    .isEqualTo(line.propose(picture, seed, 0));
        }
    }

    /** All specks but one are too small; it is found whatever is drawn first. */
    @ParameterizedTest
    @MethodSource("someSeeds")
    void looksOnWhereAPlaceIsTooSmall(long seed) {
        boolean[] pixels = new boolean[90 * 90];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % 90;
            int y = i / 90;
            pixels[i] = (x % 3 == 0 && y % 3 == 0) || (x > 40 && x < 48 && y > 40 && y < 48);
        }
        Mask inside = Mask.of(90, 90, pixels);
        Mask found = RegionProposal.random(Shape.POLYGON, 0.02, 0.03, RegionProposal.mask(inside))
                .propose(RgbImage.of(90, 90, new byte[24_300]), seed, 0);
        assertThat(found.area()).isBetween(inside.area() / 50, inside.area() * 3 / 100);
    }

    static Stream<Long> someSeeds() {
        return Stream.iterate(0L, seed -> seed + 1).limit(20);
    }

    /** By 4π·area/outline², where the outline counts pixel sides: 0.62 for a disc, less for what is thin or ragged. */
    @ParameterizedTest
    @CsvSource({"ELLIPSE, .45, .65", "POLYGON, .45, .65", "PERLIN_BLOB, .1, .4", "STROKE, .01, .1", "ANY, .2, .5"})
    void shapesHaveTheirForms(Shape shape, double least, double most) {
        var picture = RgbImage.of(200, 200, new byte[120_000]);
        var proposal = RegionProposal.random(shape, 0.02, 0.02, RegionProposal.wholeImage());
        double mean = LongStream.range(0, SEEDS)
                .mapToDouble(seed -> compactness(proposal.propose(picture, seed, 0)))
                .average()
                .orElseThrow();
        assertThat(mean).isBetween(least, most);
    }

    private static double compactness(Mask mask) {
        int sides = 0;
        for (int y = 0; y < mask.height(); y++) {
            for (int x = 0; x < mask.width(); x++) {
                if (mask.contains(x, y)) {
                    sides += x == 0 || !mask.contains(x - 1, y) ? 1 : 0;
                    sides += x == mask.width() - 1 || !mask.contains(x + 1, y) ? 1 : 0;
                    sides += y == 0 || !mask.contains(x, y - 1) ? 1 : 0;
                    sides += y == mask.height() - 1 || !mask.contains(x, y + 1) ? 1 : 0;
                }
            }
        }
        return 4 * Math.PI * mask.area() / ((double) sides * sides);
    }

    /** Pinned, since another mask for a seed would be another picture. */
    @ParameterizedTest
    @CsvSource({
        "ELLIPSE, 1409842046",
        "POLYGON, -1137701060",
        "STROKE, -394037635",
        "PERLIN_BLOB, -1969778348",
        "ANY, 1081583822"
    })
    void givesTheMasksThatItAlwaysGave(Shape shape, int hash) {
        var proposal = RegionProposal.random(shape, 0.02, 0.1, RegionProposal.wholeImage());
        var picture = RgbImage.of(97, 64, new byte[97 * 64 * 3]);
        assertThat(proposal.propose(picture, 123_456_789_012L, 5).hashCode()).isEqualTo(hash);
    }

    @Test
    void describesItsNumbers() {
        assertThat(RegionProposal.wholeImage().description()).isEqualTo("whole-image");
        assertThat(FOREGROUND.description()).isEqualTo("foreground");
        assertThat(RegionProposal.mask(Mask.full(4, 3)).description()).isEqualTo("mask(area=12,width=4,height=3)");
        assertThat(RegionProposal.random().description()).isEqualTo("random(any,0.02..0.1,inside=foreground)");
        assertThat(RegionProposal.random(Shape.PERLIN_BLOB, 0.1, 0.2, RegionProposal.wholeImage())
                        .description())
                .isEqualTo("random(perlin_blob,0.1..0.2,inside=whole-image)");
    }
}
