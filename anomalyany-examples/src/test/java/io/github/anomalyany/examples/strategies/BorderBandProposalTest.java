// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.testing.RegionProposalContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BorderBandProposalTest extends RegionProposalContract {
    @Override
    protected RegionProposal proposal() {
        return new BorderBandProposal(RegionProposal.foreground(), 0.2);
    }

    @Override
    protected List<RgbImage> pictures() {
        return List.of(picture(64, 64), picture(131, 97));
    }

    private static RgbImage picture(int width, int height) {
        return DrawnPictures.object(DrawnPictures.middle(width, height), 0xc08030, 0x203040, width);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.1, 0.51, Double.NaN})
    void refusesWidthsOutOfRange(double width) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BorderBandProposal(RegionProposal.foreground(), width))
                .withMessageContaining("was " + width);
    }

    @Test
    void refusesAnObjectWithoutAnOutline() {
        var band = new BorderBandProposal(RegionProposal.wholeImage(), 0.2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> band.propose(picture(64, 64), 0, 0))
                .withMessageContaining("whole-image covers the whole picture of 64×64");
    }

    /** A tenth of the shorter side of 30×20 pixels is 2 pixels; beyond the picture there is no outline. */
    @Test
    void liesAlongTheInnerSideOfTheOutline() {
        var picture = RgbImage.of(50, 40, new byte[6000]);
        Mask object = Mask.rectangle(50, 40, new Region(20, 10, 30, 20));
        Mask inner = Mask.rectangle(50, 40, new Region(22, 12, 28, 16));
        var band = new BorderBandProposal(RegionProposal.mask(object), 0.1);
        assertThat(band.propose(picture, 3, 1)).isEqualTo(object.and(inner.invert()));
    }
}
