// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GenerationException;
import io.github.anomalyany.strategy.LossAndGradient;

/** Checks what strategies give back, which may be a user's. */
final class StrategyResults {
    private StrategyResults() {}

    /**
     * Requires a finite loss and a finite gradient of the right length.
     *
     * @param who names the strategy in messages
     * @param result what it gave
     * @param length numbers that its input had
     * @return the result
     * @throws GenerationException if it is anything else
     */
    static LossAndGradient checked(String who, LossAndGradient result, int length) {
        if (result.gradient().length != length) {
            throw new GenerationException("%s gave a gradient of %d numbers for an input of %d"
                    .formatted(who, result.gradient().length, length));
        }
        if (!Double.isFinite(result.loss())) {
            throw new GenerationException(who + " gave the loss " + result.loss() + "; it must be finite");
        }
        for (float g : result.gradient()) {
            if (!Float.isFinite(g)) {
                throw new GenerationException(who + " gave a gradient with " + g + " in it; it must be finite");
            }
        }
        return result;
    }
}
