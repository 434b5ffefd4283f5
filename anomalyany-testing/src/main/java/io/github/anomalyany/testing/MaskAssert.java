// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.image.Mask;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a mask. */
public final class MaskAssert extends AbstractAssert<MaskAssert, Mask> {
    MaskAssert(Mask actual) {
        super(actual, MaskAssert.class);
    }

    /**
     * The mask has a size.
     *
     * @param width columns
     * @param height rows
     * @return this
     */
    public MaskAssert hasSize(int width, int height) {
        isNotNull();
        if (actual.width() != width || actual.height() != height) {
            failWithMessage(
                    "expected a mask of %d×%d pixels but it has %d×%d", width, height, actual.width(), actual.height());
        }
        return this;
    }

    /**
     * The mask has no pixel.
     *
     * @return this
     */
    public MaskAssert isEmpty() {
        isNotNull();
        if (!actual.isEmpty()) {
            failWithMessage("expected an empty mask but it has %d pixels", actual.area());
        }
        return this;
    }

    /**
     * The mask has a pixel.
     *
     * @return this
     */
    public MaskAssert isNotEmpty() {
        isNotNull();
        if (actual.isEmpty()) {
            failWithMessage("expected a mask with pixels but it is empty");
        }
        return this;
    }

    /**
     * Every pixel of the mask is one of another's.
     *
     * @param other of the same size
     * @return this
     */
    public MaskAssert isInside(Mask other) {
        hasSize(other.width(), other.height());
        int outside = actual.area() - actual.and(other).area();
        if (outside > 0) {
            failWithMessage(
                    "expected a mask inside %s but %d of its %d pixels lie outside", other, outside, actual.area());
        }
        return this;
    }

    /**
     * The mask covers a share of the picture.
     *
     * @param least 0 to 1
     * @param most 0 to 1
     * @return this
     */
    public MaskAssert hasAreaShareBetween(double least, double most) {
        isNotNull();
        double share = actual.area() / (double) ((long) actual.width() * actual.height());
        if (!(share >= least && share <= most)) {
            failWithMessage("expected a share of [%s, %s] of the picture but it is %s", least, most, share);
        }
        return this;
    }

    /**
     * The mask and another have much in common.
     *
     * @param other of the same size
     * @param least of the pixels that either has, the share that both have (intersection over union), 0 to 1
     * @return this
     */
    public MaskAssert overlaps(Mask other, double least) {
        hasSize(other.width(), other.height());
        int both = actual.and(other).area();
        int either = actual.area() + other.area() - both;
        double share = either == 0 ? 1 : both / (double) either;
        if (!(share >= least)) {
            failWithMessage(
                    "expected an intersection over union of at least %s with %s but it is %s", least, other, share);
        }
        return this;
    }
}
