// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;

/**
 * 1 − the mean smoothed attention inside the region, mean over the words. The papers' loss wants one strong cell; this one
 * wants the whole region to attend, for defects that cover it, as stains and rust do. Its gradient is spread over as many
 * cells, so each gets less: give the update a larger step.
 *
 * <pre>{@code
 * GenerationSettings.cut().toBuilder()
 *         .attentionLoss(new MeanAttentionLoss())
 *         .latentUpdate(new LatentUpdate(40, false, List.of(), 1, 0, false))
 *         .build();
 * }</pre>
 */
public record MeanAttentionLoss() implements AttentionLoss {
    @Override
    public String description() {
        return "mean-attention";
    }

    @Override
    public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
        float[] weights = shares(maps.region());
        int words = maps.words().size();
        var toMap = new float[weights.length];
        for (int i = 0; i < toMap.length; i++) {
            toMap[i] = -weights[i] / words; // dL/dA of each word's map
        }
        var attention = SmoothedAttention.of(maps);
        double sum = 0;
        var gradient = new float[maps.values().length];
        for (AttentionMaps.Word word : maps.words()) {
            float[] map = attention.map(word);
            for (int i = 0; i < map.length; i++) {
                sum += (double) weights[i] * map[i];
            }
            float[] toValues = attention.gradient(word, toMap);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] += toValues[i];
            }
        }
        return new LossAndGradient(1 - sum / words, gradient);
    }

    /** The region's cells as weights that sum to 1. */
    private static float[] shares(float[] region) {
        double sum = 0;
        for (float cell : region) {
            sum += cell;
        }
        var shares = new float[region.length];
        for (int i = 0; i < shares.length && sum > 0; i++) {
            shares[i] = (float) (region[i] / sum);
        }
        return shares;
    }
}
