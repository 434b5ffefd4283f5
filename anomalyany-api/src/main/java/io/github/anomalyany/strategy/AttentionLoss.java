// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/**
 * A loss over cross-attention, whose gradient moves the latents. Pure: no state between calls, any thread. To be
 * implemented by users too; the engine continues the chain rule through the network.
 */
public interface AttentionLoss {
    /**
     * One line for provenance.
     *
     * @return as {@code "max-per-word(region=true)"}
     */
    String description();

    /**
     * Evaluates the loss.
     *
     * @param maps the attention, valid during this call only
     * @param step where the run is
     * @return the loss and its gradient with respect to {@link AttentionMaps#values()}, in the same layout
     */
    LossAndGradient evaluate(AttentionMaps maps, StepInfo step);

    /**
     * The papers' loss: 1 − the largest smoothed attention inside the region, of the word that has the least; mean over the
     * pieces of a word (AnomalyAny eq. 4 and 7).
     *
     * @return the loss, 0 to 1
     */
    static AttentionLoss maxPerWord() {
        return new MaxPerWordLoss(true);
    }

    /**
     * {@link #maxPerWord()} without regard to the region, as Attend-and-Excite has it and as the released code does.
     *
     * @return the loss, 0 to 1
     */
    static AttentionLoss maxPerWordAnywhere() {
        return new MaxPerWordLoss(false);
    }
}
