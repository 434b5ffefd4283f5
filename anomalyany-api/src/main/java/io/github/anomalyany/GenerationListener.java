// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.image.RgbImage;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Hears how a run goes. Called on the thread of the run, so a slow listener slows the run. What a listener throws is
 * logged and doesn't stop the run. New methods will have empty defaults.
 */
public interface GenerationListener {
    /**
     * A denoising step is complete.
     *
     * @param event which one
     */
    default void onStep(StepEvent event) {}

    /**
     * An image is complete, accepted or not.
     *
     * @param made the image with its verdict
     */
    default void onImage(GeneratedAnomaly made) {}

    /**
     * One complete denoising step.
     *
     * @param image index of the image in the request, from 0
     * @param images images in the request
     * @param step index of the step, from 0
     * @param steps steps of one image
     * @param timestep timestep of the model, 0 to 999
     * @param attentionLoss last attention loss, 0 to 1, or empty when none was computed
     * @param clipLoss last CLIP image loss, 0 to 2, or empty when none was computed
     * @param elapsed time since the run began
     * @param remaining estimate of the time still needed for the whole request
     * @param preview decodes the picture as the step left it, at the model's size; takes as long as the decoder does, is to
     *     be asked during {@link #onStep} only and throws IllegalStateException later
     */
    record StepEvent(
            int image,
            int images,
            int step,
            int steps,
            double timestep,
            OptionalDouble attentionLoss,
            OptionalDouble clipLoss,
            Duration elapsed,
            Duration remaining,
            Supplier<RgbImage> preview) {}
}
