// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import org.assertj.core.api.AbstractAssert;

/** Assertions about a picture. */
public final class RgbImageAssert extends AbstractAssert<RgbImageAssert, RgbImage> {
    RgbImageAssert(RgbImage actual) {
        super(actual, RgbImageAssert.class);
    }

    /**
     * The picture has a size.
     *
     * @param width columns
     * @param height rows
     * @return this
     */
    public RgbImageAssert hasSize(int width, int height) {
        isNotNull();
        if (actual.width() != width || actual.height() != height) {
            failWithMessage(
                    "expected a picture of %d×%d pixels but it has %d×%d",
                    width, height, actual.width(), actual.height());
        }
        return this;
    }

    /**
     * The picture has another's size.
     *
     * @param other a picture
     * @return this
     */
    public RgbImageAssert hasSizeOf(RgbImage other) {
        return hasSize(other.width(), other.height());
    }

    /**
     * Every pixel outside a mask equals another picture's.
     *
     * @param mask of the pictures' size
     * @param other a picture
     * @return this
     */
    public RgbImageAssert equalsOutside(Mask mask, RgbImage other) {
        hasSizeOf(other).hasSize(mask.width(), mask.height());
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                if (!mask.contains(x, y) && actual.rgb(x, y) != other.rgb(x, y)) {
                    failWithMessage(
                            "expected no change outside %s but pixel (%d, %d) is #%06x instead of #%06x",
                            mask, x, y, actual.rgb(x, y), other.rgb(x, y));
                }
            }
        }
        return this;
    }

    /**
     * Some pixel inside a mask differs from another picture's by a number of levels or more.
     *
     * @param mask of the pictures' size
     * @param other a picture
     * @param levels difference of one colour channel, 1 to 255
     * @return this
     */
    public RgbImageAssert differsInside(Mask mask, RgbImage other, int levels) {
        hasSizeOf(other).hasSize(mask.width(), mask.height());
        int largest = 0;
        for (int y = 0; y < actual.height(); y++) {
            for (int x = 0; x < actual.width(); x++) {
                if (mask.contains(x, y)) {
                    largest = Math.max(largest, difference(actual.rgb(x, y), other.rgb(x, y)));
                }
            }
        }
        if (largest < levels) {
            failWithMessage(
                    "expected a change of at least %d levels inside %s but the largest is %d", levels, mask, largest);
        }
        return this;
    }

    private static int difference(int one, int other) {
        int largest = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
            largest = Math.max(largest, Math.abs((one >> shift & 0xff) - (other >> shift & 0xff)));
        }
        return largest;
    }
}
