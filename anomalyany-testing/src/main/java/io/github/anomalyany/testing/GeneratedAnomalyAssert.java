// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a generated picture. */
public final class GeneratedAnomalyAssert extends AbstractAssert<GeneratedAnomalyAssert, GeneratedAnomaly> {
    GeneratedAnomalyAssert(GeneratedAnomaly actual) {
        super(actual, GeneratedAnomalyAssert.class);
    }

    /**
     * There is no reason against it.
     *
     * @return this
     */
    public GeneratedAnomalyAssert isAccepted() {
        isNotNull();
        if (!actual.verdict().accepted()) {
            failWithMessage(
                    "expected an accepted picture but it was rejected: %s",
                    actual.verdict().reasons());
        }
        return this;
    }

    /**
     * It was rejected, for this reason among others.
     *
     * @param criterion what it failed
     * @return this
     */
    public GeneratedAnomalyAssert isRejectedFor(Criterion criterion) {
        isNotNull();
        var reasons = actual.verdict().reasons();
        if (reasons.stream().map(Reason::criterion).noneMatch(criterion::equals)) {
            failWithMessage("expected a picture rejected for %s but the reasons are %s", criterion, reasons);
        }
        return this;
    }

    /**
     * Picture, mask and score map have a picture's size.
     *
     * @param normal a picture
     * @return this
     */
    public GeneratedAnomalyAssert hasSizeOf(RgbImage normal) {
        isNotNull();
        AnomalyAssertions.assertThat(actual.image()).hasSizeOf(normal);
        AnomalyAssertions.assertThat(actual.mask()).hasSize(normal.width(), normal.height());
        AnomalyAssertions.assertThat(actual.scores()).hasSize(normal.width(), normal.height());
        return this;
    }

    /**
     * Every pixel outside a region is as it was. Models blend over a soft edge around the region that they were given: take a
     * larger one here.
     *
     * @param region of the picture's size
     * @param normal the picture that it was made from
     * @return this
     */
    public GeneratedAnomalyAssert equalsOutside(Mask region, RgbImage normal) {
        isNotNull();
        AnomalyAssertions.assertThat(actual.image()).equalsOutside(region, normal);
        return this;
    }

    /**
     * The mask has pixels and the picture changed there.
     *
     * @param normal the picture that it was made from
     * @return this
     */
    public GeneratedAnomalyAssert changedWhereMasked(RgbImage normal) {
        isNotNull();
        AnomalyAssertions.assertThat(actual.mask()).isNotEmpty();
        AnomalyAssertions.assertThat(actual.image()).differsInside(actual.mask(), normal, 1);
        return this;
    }
}
