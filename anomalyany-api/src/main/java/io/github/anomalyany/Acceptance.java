// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.util.OptionalDouble;

/**
 * What a picture must be to be accepted. Immutable.
 *
 * @param visibleChange smoothed colour difference (CIE76) from which a change counts as visible, more than 0, default 5; just
 *     noticeable is about 2.3. A picture without visible change inside its mask is never accepted
 * @param largestMask largest mask, as a share of the picture, in (0, 1], default 0.5
 * @param attentionContrast least ratio of the words' largest attention to its mean over the region, at least 1, default 1.2:
 *     flat attention marks no place
 * @param changeStaysInside whether the picture must change more inside the region than outside it, before the surroundings are
 *     pasted back, default true
 * @param clipMargin least gain of CLIP's similarity to the description over that of the normal picture, −2 to 2; needs a CLIP
 *     model; −2 rejects nothing but has both similarities measured for the provenance; default empty: not asked
 */
public record Acceptance(
        double visibleChange,
        double largestMask,
        double attentionContrast,
        boolean changeStaysInside,
        OptionalDouble clipMargin) {
    /**
     * Checks the ranges.
     *
     * @param visibleChange smoothed colour difference from which a change counts as visible, more than 0
     * @param largestMask largest mask, as a share of the picture, in (0, 1]
     * @param attentionContrast least ratio of the words' largest attention to its mean over the region, at least 1
     * @param changeStaysInside whether the picture must change more inside the region than outside it
     * @param clipMargin least gain of CLIP's similarity to the description, −2 to 2, or empty
     * @throws IllegalArgumentException if a value is out of range
     */
    public Acceptance {
        if (!(visibleChange > 0 && visibleChange <= 100)) {
            throw new IllegalArgumentException("visibleChange must be in (0, 100] but was " + visibleChange);
        }
        if (!(largestMask > 0 && largestMask <= 1)) {
            throw new IllegalArgumentException("largestMask must be in (0, 1] but was " + largestMask);
        }
        if (!(attentionContrast >= 1 && attentionContrast <= 1000)) {
            throw new IllegalArgumentException("attentionContrast must be in [1, 1000] but was " + attentionContrast);
        }
        if (clipMargin.isPresent() && !(clipMargin.getAsDouble() >= -2 && clipMargin.getAsDouble() <= 2)) {
            throw new IllegalArgumentException("clipMargin must be in [-2, 2] but was " + clipMargin.getAsDouble());
        }
    }

    /**
     * The defaults.
     *
     * @return visible change 5, mask at most half of the picture, attention contrast 1.2, change inside, no CLIP margin
     */
    public static Acceptance standard() {
        return new Acceptance(5, 0.5, 1.2, true, OptionalDouble.empty());
    }

    /**
     * The same with a CLIP margin.
     *
     * @param margin least gain of CLIP's similarity to the description over that of the normal picture, −2 to 2
     * @return a new acceptance
     * @throws IllegalArgumentException if it is out of range
     */
    public Acceptance withClipMargin(double margin) {
        return new Acceptance(
                visibleChange, largestMask, attentionContrast, changeStaysInside, OptionalDouble.of(margin));
    }
}
