// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import org.junit.jupiter.api.Test;

class FakeGeneratorTest extends AnomalyGeneratorContract {
    @Override
    protected AnomalyGenerator open() {
        return new FakeGenerator();
    }

    @Test
    void refusesToRejectEveryZeroth() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FakeGenerator().rejectEvery(0))
                .withMessage("n must be at least 1 but was 0");
    }

    @Test
    void failsAsItWasTold() {
        var generator = new FakeGenerator().failWith(() -> new GenerationException("out of luck"));
        assertThatThrownBy(() -> generator.generate(picture(), "a photo of wood with a hole"))
                .isInstanceOf(GenerationException.class)
                .hasMessage("out of luck");
        assertThat(generator.requests()).hasSize(1);
    }

    @Test
    void rejectsEveryNthAttemptAndTriesAgainAsTheRequestSays() {
        var generator = new FakeGenerator().rejectEvery(2);
        var once = generator.generate(request().count(4).build());
        AnomalyAssertions.assertThat(once).hasAccepted(2).hasRejected(2);
        AnomalyAssertions.assertThat(once.rejected().get(0)).isRejectedFor(Criterion.FLAT_ATTENTION);
        var again = generator.generate(request().count(4).retries(1).build());
        AnomalyAssertions.assertThat(again).hasAccepted(4).hasRejected(3);
    }

    @Test
    void changesOnlyWhatItsMaskSays() {
        var made = new FakeGenerator().generate(picture(), "a photo of wood with a hole");
        AnomalyAssertions.assertThat(made)
                .isAccepted()
                .hasSizeOf(picture())
                .changedWhereMasked(picture())
                .equalsOutside(made.mask(), picture());
        AnomalyAssertions.assertThat(made.scores()).hasScoresBetween(0, 1).peaksInside(made.mask());
    }

    @Test
    void paintsOnPicturesAndRegionsOfOnePixel() {
        var generator = new FakeGenerator();
        var one = RgbImage.of(1, 1, new byte[3]);
        AnomalyAssertions.assertThat(generator.generate(one, "wood with a hole").mask())
                .hasSize(1, 1)
                .isNotEmpty();
        var pixel = Mask.rectangle(96, 80, new Region(95, 79, 1, 1));
        var made =
                generator.generate(request().region(pixel).build()).accepted().get(0);
        assertThat(made.mask()).isEqualTo(pixel);
    }
}
