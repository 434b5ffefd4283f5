// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.testing.AttentionLossContract;
import io.github.anomalyany.testing.NoiseSchedulerContract;
import org.junit.jupiter.api.Nested;

/** A user's strategies against the published contracts. */
class OwnStrategiesTest {
    @Nested
    class Loss extends AttentionLossContract {
        @Override
        protected AttentionLoss loss() {
            return new MeanAttention();
        }
    }

    @Nested
    class Scheduler extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return new EvenDdim();
        }
    }
}
