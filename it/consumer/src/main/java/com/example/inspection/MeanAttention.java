// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.StepInfo;

/** 1 minus the words' mean attention inside the region, unsmoothed. */
public record MeanAttention() implements AttentionLoss {
    @Override
    public String description() {
        return "mean-attention(raw)";
    }

    @Override
    public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
        float[] region = maps.region();
        double area = 0;
        for (float cell : region) {
            area += cell;
        }
        long positions = maps.words().stream().mapToLong(word -> word.positions().size()).sum();
        var gradient = new float[maps.values().length];
        double sum = 0;
        for (AttentionMaps.Word word : maps.words()) {
            for (int position : word.positions()) {
                for (int i = 0; i < region.length && area > 0; i++) {
                    double weight = region[i] / (area * positions);
                    sum += weight * maps.values()[position * region.length + i];
                    gradient[position * region.length + i] -= (float) weight;
                }
            }
        }
        return new LossAndGradient(1 - sum, gradient);
    }
}
