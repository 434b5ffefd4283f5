// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.Optional;

/**
 * What a CLIP model's files don't tell, or tell wrongly.
 *
 * @param quickGelu whether the activation is x·σ(1.702x) instead of GELU; empty for what the config says, GELU without one
 * @param visionHeadWidth width of an attention head of the vision tower in open_clip's layout, which has no config
 * @param textHeadWidth the same of the text tower
 */
public record ClipVariant(Optional<Boolean> quickGelu, int visionHeadWidth, int textHeadWidth) {
    /**
     * Checks the widths.
     *
     * @param quickGelu whether the activation is x·σ(1.702x) instead of GELU; empty for what the config says
     * @param visionHeadWidth width of an attention head of the vision tower
     * @param textHeadWidth the same of the text tower
     */
    public ClipVariant {
        if (visionHeadWidth < 1 || textHeadWidth < 1) {
            throw new IllegalArgumentException(
                    "head widths must be at least 1 but were " + visionHeadWidth + " and " + textHeadWidth);
        }
    }

    /**
     * What the config says, heads of 64.
     *
     * @return the variant
     */
    public static ClipVariant asConfigured() {
        return new ClipVariant(Optional.empty(), 64, 64);
    }
}
