// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Assertions must fail where they should, and say what they saw. */
class AnomalyAssertionsTest {
    private static final RgbImage BLACK = RgbImage.of(4, 2, new byte[24]);
    private static final Mask LEFT = Mask.rectangle(4, 2, new Region(0, 0, 2, 2));
    private static final Mask RIGHT = LEFT.invert();

    private static RgbImage withAPixelOf(int grey, int x) {
        var bytes = new byte[24];
        bytes[3 * x] = bytes[3 * x + 1] = bytes[3 * x + 2] = (byte) grey;
        return RgbImage.of(4, 2, bytes);
    }

    private static void fails(ThrowingCallable assertion, String... parts) {
        assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(parts);
    }

    @Test
    void picturesFailWithTheSizeThePixelAndTheDifference() {
        var changed = withAPixelOf(9, 1);
        fails(() -> AnomalyAssertions.assertThat(BLACK).hasSize(2, 4), "2×4", "4×2");
        fails(() -> AnomalyAssertions.assertThat(changed).equalsOutside(RIGHT, BLACK), "(1, 0)", "#090909", "#000000");
        fails(() -> AnomalyAssertions.assertThat(changed).differsInside(LEFT, BLACK, 10), "10 levels", "is 9");
        AnomalyAssertions.assertThat(changed).equalsOutside(LEFT, BLACK).differsInside(LEFT, BLACK, 9);
    }

    @Test
    void masksFailWithTheirArea() {
        fails(() -> AnomalyAssertions.assertThat(LEFT).isEmpty(), "4 pixels");
        fails(() -> AnomalyAssertions.assertThat(Mask.empty(4, 2)).isNotEmpty(), "it is empty");
        fails(() -> AnomalyAssertions.assertThat(LEFT).isInside(RIGHT), "4 of its 4");
        fails(() -> AnomalyAssertions.assertThat(LEFT).hasAreaShareBetween(0, 0.4), "0.5");
        fails(() -> AnomalyAssertions.assertThat(LEFT).overlaps(RIGHT, 0.1), "0.0");
        AnomalyAssertions.assertThat(LEFT)
                .isInside(Mask.full(4, 2))
                .hasAreaShareBetween(0.5, 0.5)
                .overlaps(LEFT, 1)
                .overlaps(Mask.full(4, 2), 0.5);
        AnomalyAssertions.assertThat(Mask.empty(4, 2)).isEmpty().overlaps(Mask.empty(4, 2), 1);
    }

    @Test
    void mapsFailWithThePlaceAndTheScore() {
        var map = ScoreMap.of(4, 2, new float[] {0, 0, 0, 0.5f, 0, 0, 0, 0.25f});
        fails(() -> AnomalyAssertions.assertThat(map).hasScoresBetween(0, 0.4), "(3, 0)", "0.5");
        fails(() -> AnomalyAssertions.assertThat(map).peaksInside(LEFT), "(3, 0)", "0.5");
        fails(() -> AnomalyAssertions.assertThat(map).hasSize(1, 1), "4×2");
        AnomalyAssertions.assertThat(map).peaksInside(RIGHT).hasScoresBetween(0, 0.5);
    }

    @Test
    void generatedPicturesFailWithTheReasons() {
        var generator = new FakeGenerator();
        var made = generator.generate(BLACK, "wood with a hole");
        var rejected = generator.rejectEvery(1).generate(BLACK, "wood with a hole");
        fails(() -> AnomalyAssertions.assertThat(rejected).isAccepted(), "rejected on purpose");
        fails(() -> AnomalyAssertions.assertThat(made).isRejectedFor(Criterion.EMPTY_MASK), "EMPTY_MASK", "[]");
        fails(() -> AnomalyAssertions.assertThat(made).changedWhereMasked(made.image()), "is 0");
        var result = new GenerationResult(List.of(made), List.of(rejected), Duration.ZERO);
        fails(() -> AnomalyAssertions.assertThat(result).hasAccepted(2), "2 accepted", "rejected on purpose");
        fails(() -> AnomalyAssertions.assertThat(result).hasRejected(0), "0 rejected", "1");
    }
}
