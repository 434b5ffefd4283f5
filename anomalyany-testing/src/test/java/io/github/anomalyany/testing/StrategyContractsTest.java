// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseScheduler;
import org.junit.jupiter.api.Nested;

/** The contracts of all strategies that the interfaces offer; those of regions are in {@link RegionProposalContractTest}. */
class StrategyContractsTest {
    @Nested
    class MaxPerWord extends AttentionLossContract {
        @Override
        protected AttentionLoss loss() {
            return AttentionLoss.maxPerWord();
        }
    }

    @Nested
    class MaxPerWordAnywhere extends AttentionLossContract {
        @Override
        protected AttentionLoss loss() {
            return AttentionLoss.maxPerWordAnywhere();
        }
    }

    @Nested
    class Cosine extends ClipRefinementContract {
        @Override
        protected ClipRefinement refinement() {
            return ClipRefinement.cosine();
        }
    }

    @Nested
    class Strength extends ConditioningContract {
        @Override
        protected Conditioning conditioning() {
            return Conditioning.strength(0.25);
        }
    }

    @Nested
    class NoiseLevel extends ConditioningContract {
        @Override
        protected Conditioning conditioning() {
            return Conditioning.noiseLevel(0.57);
        }
    }

    @Nested
    class Released extends ConditioningContract {
        @Override
        protected Conditioning conditioning() {
            return Conditioning.released(0.3);
        }
    }

    @Nested
    class Ddim extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.ddim();
        }
    }

    @Nested
    class DdimWithFreshNoise extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.ddim(1);
        }
    }

    @Nested
    class Ddpm extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.ddpm();
        }
    }

    @Nested
    class Pndm extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.pndm();
        }

        @Override
        protected boolean repeatsTimesteps() {
            return true;
        }

        /** It mixes outputs of several timesteps, which is exact only for ε, and lags when entered in the middle. */
        @Override
        protected boolean isExact(Prediction prediction, int startIndex) {
            return prediction == Prediction.EPSILON && startIndex == 0;
        }
    }

    @Nested
    class DpmSolver extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.dpmSolver();
        }
    }

    @Nested
    class Euler extends NoiseSchedulerContract {
        @Override
        protected NoiseScheduler scheduler() {
            return NoiseScheduler.euler();
        }
    }

    @Nested
    class Philox extends NoiseSourceContract {
        @Override
        protected NoiseSource source() {
            return NoiseSource.philox();
        }
    }

    @Nested
    class Torch extends NoiseSourceContract {
        @Override
        protected NoiseSource source() {
            return NoiseSource.torch();
        }
    }
}
