// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import java.util.List;
import org.junit.jupiter.api.Nested;

class RegionProposalContractTest {
    private static RgbImage picture(int width, int height) {
        return DrawnPictures.object(DrawnPictures.middle(width, height), 0xc08030, 0x203040, width);
    }

    /** Pictures of several sizes, smaller and larger than what is analysed. */
    abstract static class OnDrawnPictures extends RegionProposalContract {
        @Override
        protected List<RgbImage> pictures() {
            return List.of(picture(64, 64), picture(131, 97), picture(300, 401));
        }
    }

    @Nested
    class WholeImage extends OnDrawnPictures {
        @Override
        protected RegionProposal proposal() {
            return RegionProposal.wholeImage();
        }

        @Override
        protected List<RgbImage> pictures() {
            return List.of(RgbImage.of(1, 1, new byte[3]), RgbImage.of(1, 10_000, new byte[30_000]), picture(64, 64));
        }
    }

    @Nested
    class Given extends OnDrawnPictures {
        @Override
        protected RegionProposal proposal() {
            return RegionProposal.mask(DrawnPictures.middle(80, 60));
        }

        @Override
        protected List<RgbImage> pictures() {
            return List.of(picture(80, 60));
        }
    }

    @Nested
    class Foreground extends OnDrawnPictures {
        @Override
        protected RegionProposal proposal() {
            return RegionProposal.foreground();
        }
    }

    @Nested
    class AnyShape extends OnDrawnPictures {
        @Override
        protected RegionProposal proposal() {
            return RegionProposal.random();
        }
    }

    @Nested
    class ShapeInsideAShape extends OnDrawnPictures {
        @Override
        protected RegionProposal proposal() {
            var inside = RegionProposal.random(Shape.ELLIPSE, 0.4, 0.6, RegionProposal.wholeImage());
            return RegionProposal.random(Shape.STROKE, 0.1, 0.2, inside);
        }
    }
}
