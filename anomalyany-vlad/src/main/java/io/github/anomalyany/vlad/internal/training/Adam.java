// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import io.github.anomalyany.vlad.TrainingSettings;
import java.util.List;

/** Adam as PyTorch computes it (Kingma and Ba, arXiv 1412.6980, algorithm 1). Belongs to one thread. */
final class Adam {
    private static final double EPSILON = 1e-8;

    private final TrainingSettings settings;
    private final List<float[]> parameters;
    private final List<float[]> means;
    private final List<float[]> squares;
    private int step;

    /** Continues after some steps; the arrays are changed in place. */
    Adam(TrainingSettings settings, List<float[]> parameters, List<float[]> means, List<float[]> squares, int step) {
        this.settings = settings;
        this.parameters = parameters;
        this.means = means;
        this.squares = squares;
        this.step = step;
    }

    int steps() {
        return step;
    }

    /** One step against the gradients. */
    void step(List<float[]> gradients, double rate) {
        step++;
        double factor = clipping(gradients);
        double meanCorrection = 1 - Math.pow(settings.beta1(), step);
        double squareCorrection = Math.sqrt(1 - Math.pow(settings.beta2(), step));
        for (int p = 0; p < parameters.size(); p++) {
            float[] values = parameters.get(p);
            float[] gradient = gradients.get(p);
            float[] mean = means.get(p);
            float[] square = squares.get(p);
            for (int i = 0; i < values.length; i++) {
                double g = factor * gradient[i] + settings.weightDecay() * values[i];
                mean[i] = (float) (settings.beta1() * mean[i] + (1 - settings.beta1()) * g);
                square[i] = (float) (settings.beta2() * square[i] + (1 - settings.beta2()) * g * g);
                double divisor = Math.sqrt(square[i]) / squareCorrection + EPSILON;
                values[i] = (float) (values[i] - rate / meanCorrection * mean[i] / divisor);
            }
        }
    }

    private double clipping(List<float[]> gradients) {
        if (settings.gradientNorm() == 0) {
            return 1;
        }
        double sum = 0;
        for (float[] gradient : gradients) {
            for (float g : gradient) {
                sum += (double) g * g;
            }
        }
        return Math.min(1, settings.gradientNorm() / (Math.sqrt(sum) + 1e-6));
    }
}
