// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import io.github.anomalyany.examples.strategies.MeanAttentionLoss;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.testing.AttentionLossContract;
import org.junit.jupiter.api.Nested;

/** The code of CONTRIBUTING.md: a test that runs. */
class ContributingSnippets {
    @Nested
    // region contract
    class MeanAttentionLossTest extends AttentionLossContract {
        @Override
        protected AttentionLoss loss() {
            return new MeanAttentionLoss();
        }
    }
    // endregion
}
