// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.time.Duration;

/**
 * How far training is.
 *
 * @param stage what is being done
 * @param done samples looked at, or epochs trained
 * @param total how many there will be
 * @param loss mean loss of the epoch just trained; NaN while features are computed
 * @param elapsed time since the stage began
 * @param remaining estimate of the time to the stage's end
 */
public record TrainingProgress(Stage stage, int done, int total, double loss, Duration elapsed, Duration remaining) {
    /** Stages of training. */
    public enum Stage {
        /** The backbone looks at each sample once. */
        FEATURES,
        /** The adapters learn. */
        EPOCHS
    }
}
