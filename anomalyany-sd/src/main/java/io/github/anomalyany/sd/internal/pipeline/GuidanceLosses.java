// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.function.Predicate;

/** The losses of guidance at a sample's state, and their gradients. */
interface GuidanceLosses {
    /**
     * A loss at a sample's state, and its gradients.
     *
     * @param value the loss
     * @param latents gradient with respect to the latents, [C, h, w]; zeros where none was asked for
     * @param text gradient with respect to the prompt's embedding, [positions, width], likewise
     */
    @SuppressWarnings("ArrayRecordComponent") // a bundle of results, never compared
    record Loss(double value, float[] latents, float[] text) {}

    /**
     * An attention loss and the attention that it was taken from.
     *
     * @param loss the loss
     * @param maps as the network gave it
     * @param smoothed its smoothed form
     */
    record Attended(Loss loss, AttentionMaps maps, SmoothedAttention smoothed) {}

    /**
     * The attention loss (AnomalyAny eq. 4 and 7).
     *
     * @param takesGradient whether the gradients are wanted, seeing the attention
     */
    Attended attention(Sample sample, StepInfo info, AttentionLoss loss, Predicate<SmoothedAttention> takesGradient);

    /**
     * The smoothed attention of both branches together, mean over the heads of the two, as the released code reads it in a
     * guided pass.
     */
    SmoothedAttention guidedAttention(Sample sample, StepInfo info);

    /** CLIP's loss on the decoded latents, or on the decoded clean latents that the network predicts (AnomalyAny eq. 10). */
    Loss image(Sample sample, StepInfo info, ClipRefinement refinement, RefinementTarget target);

    /** Values times a factor; the same array where it is 1. */
    static float[] scaled(float[] values, double factor) {
        if (factor == 1) {
            return values;
        }
        var scaled = new float[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (factor * values[i]);
        }
        return scaled;
    }
}
