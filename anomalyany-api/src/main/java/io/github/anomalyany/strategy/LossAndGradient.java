// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.Objects;

/** A loss and its gradient with respect to what it was computed from. Takes over the array; don't change it afterwards. */
public final class LossAndGradient {
    private final double loss;
    private final float[] gradient;

    /**
     * Creates a pair.
     *
     * @param loss the loss; lower is better
     * @param gradient in the layout of the loss's input; not copied
     */
    public LossAndGradient(double loss, float[] gradient) {
        this.loss = loss;
        this.gradient = Objects.requireNonNull(gradient, "gradient");
    }

    /**
     * The loss.
     *
     * @return lower is better
     */
    public double loss() {
        return loss;
    }

    /**
     * The gradient in the layout of the loss's input.
     *
     * @return not a copy; don't change it
     */
    public float[] gradient() {
        return gradient;
    }
}
