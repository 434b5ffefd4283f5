// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.util.List;

/**
 * Whether a generated image is fit for use.
 *
 * @param reasons why it isn't, in words; empty when it is
 */
public record Verdict(List<String> reasons) {
    /**
     * Copies the list.
     *
     * @param reasons why it isn't, in words; empty when it is
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
