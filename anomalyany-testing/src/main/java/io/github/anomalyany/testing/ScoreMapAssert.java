// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.ScoreMap;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a score map. */
public final class ScoreMapAssert extends AbstractAssert<ScoreMapAssert, ScoreMap> {
    ScoreMapAssert(ScoreMap actual) {
        super(actual, ScoreMapAssert.class);
    }

    /**
     * The map has a size.
     *
     * @param width columns
     * @param height rows
     * @return this
     */
    public ScoreMapAssert hasSize(int width, int height) {
        isNotNull();
        if (actual.width() != width || actual.height() != height) {
            failWithMessage(
                    "expected a map of %d×%d pixels but it has %d×%d", width, height, actual.width(), actual.height());
        }
        return this;
    }

    /**
     * Every score lies in a range.
     *
     * @param least smallest score allowed
     * @param most largest score allowed
     * @return this
     */
    public ScoreMapAssert hasScoresBetween(double least, double most) {
        isNotNull();
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                float score = actual.value(x, y);
                if (!(score >= least && score <= most)) {
                    failWithMessage("expected scores in [%s, %s] but at (%d, %d) it is %s", least, most, x, y, score);
                }
            }
        }
        return this;
    }

    /**
     * The highest score lies in a mask.
     *
     * @param mask of the map's size
     * @return this
     */
    public ScoreMapAssert peaksInside(Mask mask) {
        hasSize(mask.width(), mask.height());
        int peakX = 0;
        int peakY = 0;
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                boolean higher = actual.value(x, y) > actual.value(peakX, peakY);
                boolean asHighButInside = actual.value(x, y) == actual.value(peakX, peakY) && mask.contains(x, y);
                if (higher || asHighButInside) {
                    peakX = x;
                    peakY = y;
                }
            }
        }
        if (!mask.contains(peakX, peakY)) {
            failWithMessage(
                    "expected the highest score inside %s but it is %s at (%d, %d)",
                    mask, actual.value(peakX, peakY), peakX, peakY);
        }
        return this;
    }
}
