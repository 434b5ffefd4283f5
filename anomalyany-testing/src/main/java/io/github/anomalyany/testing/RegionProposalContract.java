// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link RegionProposal} must do. A subclass gives the proposal and pictures that it accepts. */
public abstract class RegionProposalContract {
    private static final long[] SEEDS = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE};

    /** For subclasses. */
    protected RegionProposalContract() {}

    /**
     * The proposal to check.
     *
     * @return the proposal
     */
    protected abstract RegionProposal proposal();

    /**
     * Pictures that it accepts, at least one.
     *
     * @return pictures
     */
    protected abstract List<RgbImage> pictures();

    @Test
    void describesItselfInOneLine() {
        StrategyChecks.assertOneLine(() -> proposal().description());
    }

    @Test
    void givesANonEmptyMaskOfThePicturesSize() {
        assertThat(pictures()).isNotEmpty();
        for (RgbImage picture : pictures()) {
            for (long seed : SEEDS) {
                Mask mask = proposal().propose(picture, seed, 3);
                assertThat(mask.width())
                        .as("width of %s, seed %d", picture, seed)
                        .isEqualTo(picture.width());
                assertThat(mask.height())
                        .as("height of %s, seed %d", picture, seed)
                        .isEqualTo(picture.height());
                assertThat(mask.isEmpty())
                        .as("empty on %s, seed %d", picture, seed)
                        .isFalse();
            }
        }
    }

    @Test
    void givesTheSameMaskAgainWhateverWasAskedBetween() {
        var proposal = proposal();
        for (RgbImage picture : pictures()) {
            Mask first = proposal.propose(picture, 17, 0);
            for (long seed : SEEDS) {
                proposal.propose(picture, seed, 1);
            }
            assertThat(proposal.propose(picture, 17, 0)).isEqualTo(first);
            assertThat(proposal().propose(picture, 17, 0)).isEqualTo(first);
        }
    }

    @Test
    void givesTheSameMasksToTwoThreadsAtOnce() throws Exception {
        var proposal = proposal();
        StrategyChecks.assertPure(() -> pictures().stream()
                .flatMap(picture -> IntStream.range(0, 10).mapToObj(i -> proposal.propose(picture, i, i)))
                .toList());
    }
}
