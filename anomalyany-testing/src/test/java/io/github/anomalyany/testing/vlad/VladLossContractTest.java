// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import io.github.anomalyany.vlad.VladLoss;
import org.junit.jupiter.api.Nested;

/** The contract of losses, on the library's and on one of a user's. */
class VladLossContractTest {
    @Nested
    class Paper extends VladLossContract {
        @Override
        protected VladLoss loss() {
            return VladLoss.paper();
        }
    }

    @Nested
    class PaperWithoutFocus extends VladLossContract {
        @Override
        protected VladLoss loss() {
            return VladLoss.paper(0, 1, 0.5);
        }
    }

    @Nested
    class PaperWithFractionalFocus extends VladLossContract {
        @Override
        protected VladLoss loss() {
            return VladLoss.paper(0.5, 100, 0.01);
        }
    }

    @Nested
    class SquaredErrors extends VladLossContract {
        @Override
        protected VladLoss loss() {
            return new SquaredErrorLoss();
        }
    }

    /** Mean squared errors of pictures and of pixels. */
    private static final class SquaredErrorLoss implements VladLoss {
        @Override
        public String description() {
            return "squared-errors";
        }

        @Override
        public Value evaluate(Batch batch) {
            float[] byImage = errors(batch.imageScores(), batch.imageLabels());
            float[] byPixel = errors(batch.pixelScores(), batch.pixelLabels());
            double loss = squares(byImage) + squares(byPixel);
            return new Value(loss, doubled(byImage), doubled(byPixel));
        }

        private static float[] errors(float[] scores, float[] labels) {
            float[] errors = new float[scores.length];
            for (int i = 0; i < errors.length; i++) {
                errors[i] = scores[i] - labels[i];
            }
            return errors;
        }

        private static double squares(float[] errors) {
            double sum = 0;
            for (float error : errors) {
                sum += (double) error * error;
            }
            return sum / errors.length;
        }

        private static float[] doubled(float[] errors) {
            float[] gradient = new float[errors.length];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = 2 * errors[i] / errors.length;
            }
            return gradient;
        }
    }
}
