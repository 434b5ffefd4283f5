// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.List;

/**
 * How far and how often the latents move against the gradient of the attention loss: z ← z − α·∇L ⊙ region.
 *
 * @param scale λ, the step size at the start of a run; more than 0
 * @param localized whether α = λ(1+Δτ)·n/n₀ shrinks with the number n of cells that attend above the mean (AnomalyAny
 *     eq. 9), Δτ being the share of steps still to go; otherwise α = λ(1+Δτ)
 * @param thresholds steps at which the update repeats until the attention reaches a level (CUT A.1); runs of fewer than 25
 *     steps have them at the same share of 25 steps
 * @param maxRounds most updates at such a step, at least 1
 * @param leastMove how far each repeated update moves the region's latents at least, as their root mean square, 0 to 1: where a
 *     word has hardly any attention the gradient vanishes, and rounds of α·∇L alone would never reach a level; 0 for α·∇L alone
 * @param stopsEarly whether updates end once, after the first 10 steps (40 % of shorter runs), between 10/256 and 50/256 of the
 *     cells attend above the mean (CUT A.1); steps with a threshold keep theirs
 */
public record LatentUpdate(
        double scale,
        boolean localized,
        List<Threshold> thresholds,
        int maxRounds,
        double leastMove,
        boolean stopsEarly) {
    /**
     * A level that the attention must reach at a step.
     *
     * @param step index of the denoising step, from 0
     * @param attention largest smoothed attention of the weakest word, 0 to 1
     */
    public record Threshold(int step, double attention) {}

    /**
     * Checks the values and copies the list.
     *
     * @param scale λ, the step size at the start of a run; more than 0
     * @param localized whether the step size shrinks as the attention concentrates
     * @param thresholds steps at which the update repeats until the attention reaches a level
     * @param maxRounds most updates at such a step, at least 1
     * @param leastMove how far each repeated update moves the region's latents at least, root mean square, 0 to 1
     * @param stopsEarly whether updates end once the attention is concentrated
     */
    public LatentUpdate {
        if (!(scale > 0 && scale < 1e6)) {
            throw new IllegalArgumentException("scale must be in (0, 1000000) but was " + scale);
        }
        if (maxRounds < 1 || maxRounds > 1000) {
            throw new IllegalArgumentException("maxRounds must be in [1, 1000] but was " + maxRounds);
        }
        if (!(leastMove >= 0 && leastMove <= 1)) {
            throw new IllegalArgumentException("leastMove must be in [0, 1] but was " + leastMove);
        }
        thresholds = List.copyOf(thresholds);
    }

    /**
     * The papers' values: λ = 10, localized, thresholds .05, .5 and .8 at steps 0, 10 and 20, at most 20 rounds, early stop. The rounds
     * move the latents by at least 0.05, which is ours.
     *
     * @return the update
     */
    public static LatentUpdate standard() {
        var thresholds = List.of(new Threshold(0, .05), new Threshold(10, .5), new Threshold(20, .8));
        return new LatentUpdate(10, true, thresholds, 20, 0.05, true);
    }
}
