// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.testing.AnomalyAssertions;
import io.github.anomalyany.vlad.Decision.Label;
import io.github.anomalyany.vlad.Detection;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what was found in a picture. */
public final class DetectionAssert extends AbstractAssert<DetectionAssert, Detection> {
    DetectionAssert(Detection actual) {
        super(actual, DetectionAssert.class);
    }

    /**
     * The picture was found good.
     *
     * @return this
     */
    public DetectionAssert isNormal() {
        return is(Label.NORMAL);
    }

    /**
     * The picture was found anomalous.
     *
     * @return this
     */
    public DetectionAssert isAnomalous() {
        return is(Label.ANOMALOUS);
    }

    /**
     * There was no threshold.
     *
     * @return this
     */
    public DetectionAssert isUncalibrated() {
        return is(Label.UNCALIBRATED);
    }

    private DetectionAssert is(Label label) {
        isNotNull();
        if (actual.decision().label() != label) {
            failWithMessage(
                    "expected %s but it is %s, with score %s and threshold %s",
                    label,
                    actual.decision().label(),
                    actual.score(),
                    actual.decision().threshold());
        }
        return this;
    }

    /**
     * The picture looks more anomalous than another.
     *
     * @param other what was found in the other
     * @return this
     */
    public DetectionAssert scoresHigherThan(Detection other) {
        isNotNull();
        if (!(actual.score() > other.score())) {
            failWithMessage("expected a score above %s but it is %s", other.score(), actual.score());
        }
        return this;
    }

    /**
     * The highest pixel score lies in a mask.
     *
     * @param mask of the picture's size
     * @return this
     */
    public DetectionAssert peaksInside(Mask mask) {
        isNotNull();
        AnomalyAssertions.assertThat(actual.map()).peaksInside(mask);
        return this;
    }

    /**
     * The map has the picture's size.
     *
     * @param width columns
     * @param height rows
     * @return this
     */
    public DetectionAssert hasMapOfSize(int width, int height) {
        isNotNull();
        AnomalyAssertions.assertThat(actual.map()).hasSize(width, height);
        return this;
    }
}
