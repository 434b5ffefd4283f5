// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both generators do alike. */
class SyntheticAnomaliesTest {
    private static final int[][] SIZES = {{1, 1}, {2, 1}, {1, 7}, {3, 5}, {33, 17}, {64, 64}, {101, 53}};

    static Stream<AnomalyGenerator> generators() {
        return Stream.of(
                SyntheticAnomalies.cutPaste(),
                SyntheticAnomalies.draem(),
                SyntheticAnomalies.draem(List.of(picture(20, 30, 7), picture(5, 5, 8))));
    }

    /** Noise in colour, the same for equal arguments. */
    private static RgbImage picture(int width, int height, long seed) {
        var bytes = new byte[3 * width * height];
        new SplittableRandom(seed).nextBytes(bytes);
        return RgbImage.of(width, height, bytes);
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.builder().normal(picture(67, 41, 1)).anomaly("damage");
    }

    private static RegionProposal broken(Mask first) {
        return new RegionProposal() {
            @Override
            public String description() {
                return "broken";
            }

            @Override
            public Mask propose(RgbImage normal, long seed, int image) {
                if (image > 0) {
                    throw new IllegalArgumentException("no idea");
                }
                return first;
            }
        };
    }

    private static void assertOnlyTheMaskChanged(RgbImage normal, GeneratedAnomaly made, String when) {
        for (int y = 0; y < normal.height(); y++) {
            for (int x = 0; x < normal.width(); x++) {
                if (!made.mask().contains(x, y)) {
                    assertThat(made.image().rgb(x, y))
                            .as("pixel (%d, %d), %s", x, y, when)
                            .isEqualTo(normal.rgb(x, y));
                }
                assertThat(made.scores().value(x, y))
                        .as("score (%d, %d), %s", x, y, when)
                        .isEqualTo(made.mask().contains(x, y) ? 1 : 0);
            }
        }
    }

    @Test
    void refusesAnEmptyListOfTextures() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SyntheticAnomalies.draem(List.of()))
                .withMessageContaining("draem()");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void refusesWorkOnceClosed(AnomalyGenerator generator) {
        generator.close();
        generator.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> generator.generate(request().build()))
                .withMessage("generator is closed");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void stopsBetweenPicturesWhenClosedFromTheListener(AnomalyGenerator generator) {
        var control = RunControl.listeningTo(new GenerationListener() {
            @Override
            public void onImage(GeneratedAnomaly made) {
                generator.close();
            }
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> generator.generate(request().count(2).build(), control))
                .withMessage("generator is closed");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void refusesARegionOfAnotherSizeOrEmpty(AnomalyGenerator generator) {
        for (Mask mask : List.of(Mask.full(3, 3), Mask.empty(67, 41))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            generator.generate(request().region(broken(mask)).build()))
                    .withMessageContaining("broken must give a mask of 67×41");
        }
    }

    @ParameterizedTest
    @MethodSource("generators")
    void keepsWhatWasMadeWhenALaterRegionFails(AnomalyGenerator generator) {
        var request = request().region(broken(Mask.full(67, 41))).count(2).build();
        var failure = catchThrowableOfType(GenerationException.class, () -> generator.generate(request));
        assertThat(failure).hasMessageContaining("no idea").hasMessageContaining("picture 1");
        assertThat(failure.completed().accepted()).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("generators")
    void stopsBetweenPicturesWhenItsTokenIsCancelled(AnomalyGenerator generator) {
        var token = new CancellationToken();
        var control = RunControl.listeningTo(new GenerationListener() {
                    private int heard;

                    @Override
                    public void onImage(GeneratedAnomaly made) {
                        if (++heard == 2) {
                            token.cancel();
                        }
                    }
                })
                .withToken(token);
        var cancelled = catchThrowableOfType(
                GenerationCancelledException.class,
                () -> generator.generate(request().count(5).build(), control));
        assertThat(cancelled).hasMessage("cancelled by its token after 2 of 5 pictures");
        assertThat(cancelled.completed().accepted()).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("generators")
    void stopsWhenItsTimeIsUpOrItsThreadIsInterrupted(AnomalyGenerator generator) {
        var late = RunControl.none().withTimeout(Duration.ofNanos(1));
        assertThatThrownBy(() -> generator.generate(request().build(), late))
                .isInstanceOf(GenerationCancelledException.class)
                .hasMessageContaining("its timeout of PT0.000000001S");
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> generator.generate(request().build()))
                    .isInstanceOf(GenerationCancelledException.class)
                    .hasMessageContaining("an interrupt");
        } finally {
            assertThat(Thread.interrupted()).as("the flag stays set").isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("generators")
    void goesOnWhenAListenerThrows(AnomalyGenerator generator) {
        var control = RunControl.listeningTo(new GenerationListener() {
            @Override
            public void onImage(GeneratedAnomaly made) {
                throw new UnsupportedOperationException("made up for this test");
            }
        });
        assertThat(generator.generate(request().count(2).build(), control).accepted())
                .hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("generators")
    void changesOnlyTheMaskInPicturesOfAnySize(AnomalyGenerator generator) {
        for (int[] size : SIZES) {
            RgbImage normal = picture(size[0], size[1], 3);
            for (long seed = 0; seed < 6; seed++) {
                String when = "%d×%d, seed %d".formatted(size[0], size[1], seed);
                GeneratedAnomaly made =
                        one(generator, request().normal(normal).seed(seed).build());
                assertThat(made.image()).as(when).hasToString("RgbImage[%d×%d]".formatted(size[0], size[1]));
                assertThat(made.scores()).as(when).hasToString("ScoreMap[%d×%d]".formatted(size[0], size[1]));
                assertThat(made.mask().width()).as(when).isEqualTo(size[0]);
                assertThat(made.mask().height()).as(when).isEqualTo(size[1]);
                assertThat(made.attention()).isEmpty();
                boolean changed = !made.image().equals(normal);
                assertThat(made.verdict().accepted()).as(when).isEqualTo(changed);
                assertThat(changed || size[0] * size[1] < 9)
                        .as("changed, " + when)
                        .isTrue();
                assertOnlyTheMaskChanged(normal, made, when);
            }
        }
    }

    private static GeneratedAnomaly one(AnomalyGenerator generator, GenerationRequest request) {
        var result = generator.generate(request);
        assertThat(result.accepted().size() + result.rejected().size()).isEqualTo(1);
        return Stream.concat(result.accepted().stream(), result.rejected().stream())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("generators")
    void staysInsideAMask(AnomalyGenerator generator) {
        Mask region = Mask.ellipse(67, 41, new Region(-5, 10, 30, 40));
        for (long seed = 0; seed < 20; seed++) {
            GeneratedAnomaly made =
                    one(generator, request().region(region).seed(seed).build());
            assertThat(made.verdict().accepted()).as("seed %d", seed).isTrue();
            assertThat(made.mask().and(region)).as("seed %d", seed).isEqualTo(made.mask());
            assertThat(made.mask().isEmpty()).as("seed %d", seed).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("generators")
    void staysInsideWhatAProposalGivesForEachPicture(AnomalyGenerator generator) {
        RgbImage normal = DrawnPictures.object(DrawnPictures.middle(80, 60), 0x803020, 0xf0f0f0, 4);
        for (var proposal : List.of(RegionProposal.foreground(), RegionProposal.random())) {
            var made = generator
                    .generate(request()
                            .normal(normal)
                            .region(proposal)
                            .seed(3)
                            .count(6)
                            .build())
                    .accepted();
            assertThat(made).hasSize(6);
            for (int i = 0; i < 6; i++) {
                Mask region = proposal.propose(normal, 3, i);
                assertThat(made.get(i).mask().and(region)).isEqualTo(made.get(i).mask());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("generators")
    void fillsARegionOfOnePixel(AnomalyGenerator generator) {
        Mask region = Mask.rectangle(67, 41, new Region(66, 40, 1, 1));
        for (long seed = 0; seed < 5; seed++) {
            var result = generator.generate(request().region(region).seed(seed).build());
            result.accepted().forEach(made -> assertThat(made.mask()).isEqualTo(region));
            result.rejected()
                    .forEach(made ->
                            assertThat(made.image()).isEqualTo(request().build().normal()));
        }
    }

    @ParameterizedTest
    @MethodSource("generators")
    void givesTheSameForTheSameSeedAndOthersForOthers(AnomalyGenerator generator) {
        var request = request().seed(11).count(4).build();
        List<GeneratedAnomaly> made = generator.generate(request).accepted();
        List<GeneratedAnomaly> again = generator.generate(request).accepted();
        assertThat(made).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(again.get(i).image()).isEqualTo(made.get(i).image());
            assertThat(again.get(i).mask()).isEqualTo(made.get(i).mask());
            assertThat(again.get(i).provenance().toJson())
                    .isEqualTo(made.get(i).provenance().toJson());
        }
        assertThat(made.stream().map(GeneratedAnomaly::image).distinct()).hasSize(4);
        var other = generator.generate(request().seed(12).count(4).build()).accepted();
        assertThat(other.get(0).image()).isNotEqualTo(made.get(0).image());
    }

    @ParameterizedTest
    @MethodSource("generators")
    void makesAPictureWhateverIsMadeBesideIt(AnomalyGenerator generator) {
        var many = generator.generate(request().count(3).build()).accepted();
        var fewer = generator.generate(request().count(1).build()).accepted();
        assertThat(fewer.get(0).image()).isEqualTo(many.get(0).image());
        assertThat(fewer.get(0).provenance().id()).endsWith("-0-0");
        assertThat(many.get(2).provenance().id()).endsWith("-0-2");
    }

    @ParameterizedTest
    @MethodSource("generators")
    void givesTwoThreadsAtOnceTheSame(AnomalyGenerator generator) {
        var request = request().count(3).build();
        var there = CompletableFuture.supplyAsync(() -> generator.generate(request));
        var here = generator.generate(request);
        assertThat(there.join().accepted().stream().map(GeneratedAnomaly::image))
                .isEqualTo(here.accepted().stream().map(GeneratedAnomaly::image).toList());
    }

    @ParameterizedTest
    @MethodSource("generators")
    void tellsTheListenerOfEachPictureInOrder(AnomalyGenerator generator) {
        var heard = new ArrayList<GeneratedAnomaly>();
        var control = RunControl.listeningTo(new GenerationListener() {
            @Override
            public void onImage(GeneratedAnomaly made) {
                heard.add(made);
            }
        });
        var result = generator.generate(request().count(3).build(), control);
        assertThat(heard).isEqualTo(result.accepted());
    }

    @Test
    void rejectsAPictureThatCutPasteCannotChangeAndTriesAgainAsAsked() {
        RgbImage black = RgbImage.of(9, 9, new byte[3 * 81]);
        var result = SyntheticAnomalies.cutPaste()
                .generate(request().normal(black).retries(2).build());
        assertThat(result.accepted()).isEmpty();
        assertThat(result.rejected()).hasSize(3);
        GeneratedAnomaly last = result.rejected().get(2);
        assertThat(last.image()).isEqualTo(black);
        assertThat(last.provenance().id()).isEqualTo("cutpaste-0-0-retry2");
        assertThat(last.verdict().reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.criterion()).isEqualTo(Criterion.NO_VISIBLE_CHANGE);
            assertThat(reason.detail()).contains("100 drawings");
        });
    }

    @Test
    void rejectsARegionThatTheNoiseNeverReaches() {
        // the middle of the picture, a corner of its cells unless there is one cell along a side: the noise is mostly 0
        RgbImage normal = picture(1, 1, 5);
        var rejected = new ArrayList<GeneratedAnomaly>();
        for (long seed = 0; seed < 40; seed++) {
            rejected.addAll(SyntheticAnomalies.draem()
                    .generate(request().normal(normal).seed(seed).build())
                    .rejected());
        }
        assertThat(rejected).isNotEmpty().allSatisfy(made -> {
            assertThat(made.mask().isEmpty()).isTrue();
            assertThat(made.change().area()).isZero();
            assertThat(made.verdict().reasons())
                    .singleElement()
                    .satisfies(reason -> assertThat(reason.criterion()).isEqualTo(Criterion.EMPTY_MASK));
        });
    }

    @Test
    void measuresTheChangeInShareOfBlackAndWhite() {
        RgbImage black = RgbImage.of(8, 8, new byte[3 * 64]);
        var textures = List.of(Mask.full(4, 4).toImage());
        var made = SyntheticAnomalies.draem(textures)
                .generate(request().normal(black).count(20).build())
                .accepted();
        assertThat(made).isNotEmpty().allSatisfy(picture -> {
            var change = picture.change();
            assertThat(change.area()).isEqualTo(picture.mask().area());
            assertThat(change.max()).isBetween(0.1, 100.0);
            assertThat(change.mean()).isBetween(0.0, change.max() + 1e-9); // rounding of the sum
            assertThat(change.inside() * 64).isCloseTo(change.mean() * change.area(), within(1e-9));
            assertThat(change.outside()).isZero();
            assertThat(change.share()).isEqualTo(1);
        });
    }

    @Test
    void recordsWhatWasDrawn() {
        var made = SyntheticAnomalies.draem()
                .generate(request().seed(2).build())
                .accepted()
                .get(0);
        assertThat(made.provenance().id()).isEqualTo("draem-2-0");
        assertThat(made.provenance().entries())
                .containsEntry("generator", "draem")
                .containsEntry("normal", request().build().normal().sha256())
                .containsEntry("region", "whole-image")
                .containsEntry("seed", 2L)
                .containsEntry("accepted", true);
        assertThat(made.provenance().toJson()).contains("\"cellsX\"", "\"texture\"", "\"changes\"", "\"beta\"");
    }
}
