// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Whether a picture is good.
 *
 * @param label the decision
 * @param threshold the score above which it is anomalous; empty where there is none
 */
public record Decision(Label label, OptionalDouble threshold) {
    /** Decisions. */
    public enum Label {
        /** The score is at or below the threshold. */
        NORMAL,
        /** The score is above the threshold. */
        ANOMALOUS,
        /** There is no threshold: calibrate, or name one. */
        UNCALIBRATED
    }

    /**
     * Checks for nulls.
     *
     * @param label the decision
     * @param threshold the score above which it is anomalous
     */
    public Decision {
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(threshold, "threshold");
    }

    /**
     * Compares a score.
     *
     * @param score a picture's score
     * @param threshold the score above which it is anomalous; empty where there is none
     * @return the decision
     */
    public static Decision of(double score, OptionalDouble threshold) {
        if (threshold.isEmpty()) {
            return new Decision(Label.UNCALIBRATED, threshold);
        }
        return new Decision(score > threshold.getAsDouble() ? Label.ANOMALOUS : Label.NORMAL, threshold);
    }
}
