// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;

/**
 * AssertJ assertions for pictures and what generators give. Import it beside AssertJ's own.
 *
 * <pre>{@code
 * assertThat(made).isAccepted().hasSizeOf(photo).equalsOutside(region, photo);
 * assertThat(made.mask()).isInside(region).hasAreaShareBetween(0.001, 0.2);
 * }</pre>
 */
public final class AnomalyAssertions {
    private AnomalyAssertions() {}

    /**
     * Begins an assertion.
     *
     * @param actual a picture
     * @return its assertions
     */
    public static RgbImageAssert assertThat(RgbImage actual) {
        return new RgbImageAssert(actual);
    }

    /**
     * Begins an assertion.
     *
     * @param actual a mask
     * @return its assertions
     */
    public static MaskAssert assertThat(Mask actual) {
        return new MaskAssert(actual);
    }

    /**
     * Begins an assertion.
     *
     * @param actual a score map
     * @return its assertions
     */
    public static ScoreMapAssert assertThat(ScoreMap actual) {
        return new ScoreMapAssert(actual);
    }

    /**
     * Begins an assertion.
     *
     * @param actual a generated picture
     * @return its assertions
     */
    public static GeneratedAnomalyAssert assertThat(GeneratedAnomaly actual) {
        return new GeneratedAnomalyAssert(actual);
    }

    /**
     * Begins an assertion.
     *
     * @param actual what a request came to
     * @return its assertions
     */
    public static GenerationResultAssert assertThat(GenerationResult actual) {
        return new GenerationResultAssert(actual);
    }
}
