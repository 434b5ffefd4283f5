// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.util.List;
import java.util.Objects;

/**
 * Whether a generated image is fit for use.
 *
 * @param reasons why it isn't; empty when it is
 */
public record Verdict(List<Reason> reasons) {
    /** What an image can fail. */
    public enum Criterion {
        /** Nothing in the region changed visibly. */
        NO_VISIBLE_CHANGE,
        /** Something changed, but not where the words attended, so that the mask is empty. */
        EMPTY_MASK,
        /** The mask covers too much of the picture. */
        MASK_TOO_LARGE,
        /** The words attended everywhere alike. */
        FLAT_ATTENTION,
        /** The picture changed more outside the region than inside, before the surroundings were pasted back. */
        CHANGE_OUTSIDE,
        /** CLIP finds the description in the picture hardly more than in the normal one. */
        CLIP_MARGIN
    }

    /**
     * One reason against an image.
     *
     * @param criterion what it failed
     * @param detail the value, the limit and what may help, in words
     */
    public record Reason(Criterion criterion, String detail) {
        /**
         * Checks for nulls.
         *
         * @param criterion what it failed
         * @param detail the value, the limit and what may help, in words
         */
        public Reason {
            Objects.requireNonNull(criterion, "criterion");
            Objects.requireNonNull(detail, "detail");
        }

        /** The detail. */
        @Override
        public String toString() {
            return detail;
        }
    }

    /**
     * Copies the list.
     *
     * @param reasons why it isn't; empty when it is
     */
    public Verdict {
        reasons = List.copyOf(reasons);
    }

    /**
     * Whether there is no reason against the image.
     *
     * @return true if accepted
     */
    public boolean accepted() {
        return reasons.isEmpty();
    }
}
