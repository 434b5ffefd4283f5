// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import org.junit.jupiter.api.Nested;

/** The contract of generators, on those that need no model. */
class SyntheticAnomaliesContractTest {
    /** They paint a picture at once. */
    abstract static class AtOnce extends AnomalyGeneratorContract {
        @Override
        protected boolean makesSteps() {
            return false;
        }
    }

    @Nested
    class CutPaste extends AtOnce {
        @Override
        protected AnomalyGenerator open() {
            return SyntheticAnomalies.cutPaste();
        }
    }

    @Nested
    class Draem extends AtOnce {
        @Override
        protected AnomalyGenerator open() {
            return SyntheticAnomalies.draem();
        }
    }
}
