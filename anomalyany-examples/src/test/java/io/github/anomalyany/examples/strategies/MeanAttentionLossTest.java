// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.AttentionMaps.Word;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.StepInfo;
import io.github.anomalyany.testing.AttentionLossContract;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeanAttentionLossTest extends AttentionLossContract {
    private static final StepInfo STEP = new StepInfo(0, 25, 251, 0);

    @Override
    protected AttentionLoss loss() {
        return new MeanAttentionLoss();
    }

    @Test
    void pullsNowhereWhereTheRegionCoversNoCell() {
        LossAndGradient loss = loss().evaluate(maps(new float[12]), STEP);
        assertThat(loss.loss()).isEqualTo(1);
        assertThat(loss.gradient()).containsOnly(0);
    }

    /** The word has all attention in the left half of the grid and none in the right one. */
    @Test
    void isOneMinusTheMeanInsideTheRegion() {
        var left = new float[] {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
        var right = new float[] {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1};
        assertThat(loss().evaluate(maps(left), STEP).loss()).isCloseTo(0, within(1e-6));
        assertThat(loss().evaluate(maps(right), STEP).loss()).isCloseTo(1, within(1e-6));
        var both = new float[12];
        for (int i = 0; i < 12; i++) {
            both[i] = left[i] + right[i];
        }
        assertThat(loss().evaluate(maps(both), STEP).loss()).isCloseTo(0.5, within(1e-6));
    }

    private static AttentionMaps maps(float[] region) {
        var values = new float[5 * 12];
        for (int cell = 0; cell < 12; cell++) {
            Arrays.fill(values, (cell % 4 < 2 ? 2 : 1) * 12 + cell, (cell % 4 < 2 ? 2 : 1) * 12 + cell + 1, 1);
        }
        return new AttentionMaps(5, 3, 4, values, List.of(new Word("crack", List.of(2))), region);
    }
}
