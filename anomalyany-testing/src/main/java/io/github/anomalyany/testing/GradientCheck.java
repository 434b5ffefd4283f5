// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.strategy.LossAndGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A gradient against central differences of fourth order: along itself, where its length counts, along random directions, and
 * along single coordinates. Sums are in double precision and take the distances that the floats really have.
 */
public final class GradientCheck {
    /** Largest error as a share of the gradient's length. */
    private static final double TOLERANCE = 1e-4;

    private static final int RANDOM_DIRECTIONS = 4;
    private static final int COORDINATES = 6;

    private final Function<float[], LossAndGradient> loss;
    private final float[] at;
    private final float[] gradient;
    private final double step;
    private final double rounding;

    private GradientCheck(Function<float[], LossAndGradient> loss, float[] at, double step, double rounding) {
        this.loss = loss;
        this.at = at;
        this.gradient = loss.apply(at).gradient();
        this.step = step;
        this.rounding = rounding;
    }

    /**
     * Checks a gradient at a point.
     *
     * @param loss the loss as a function of its input
     * @param at the point
     * @param step length of a step; the differences reach twice as far
     * @param rounding error of the difference between two losses
     * @param seed of the directions, for messages too
     */
    public static void assertMatches(
            Function<float[], LossAndGradient> loss, float[] at, double step, double rounding, long seed) {
        var check = new GradientCheck(loss, at, step, rounding);
        assertThat(check.gradient).as("gradient, seed %d", seed).hasSameSizeAs(at);
        for (double[] direction : check.directions(new SplittableRandom(seed))) {
            check.assertAlong(direction, seed);
        }
    }

    private List<double[]> directions(SplittableRandom random) {
        var directions = new ArrayList<double[]>();
        double length = length();
        if (length > 0) {
            var along = new double[at.length];
            for (int i = 0; i < along.length; i++) {
                along[i] = gradient[i] / length;
            }
            directions.add(along);
        }
        for (int k = 0; k < RANDOM_DIRECTIONS; k++) {
            var direction = new double[at.length];
            double squares = 0;
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.nextGaussian();
                squares += direction[i] * direction[i];
            }
            for (int i = 0; i < direction.length; i++) {
                direction[i] /= Math.sqrt(squares);
            }
            directions.add(direction);
        }
        for (int k = 0; k < COORDINATES; k++) {
            var direction = new double[at.length];
            direction[random.nextInt(at.length)] = 1;
            directions.add(direction);
        }
        return directions;
    }

    private double length() {
        double squares = 0;
        for (float g : gradient) {
            squares += (double) g * g;
        }
        return Math.sqrt(squares);
    }

    /** Along a direction of length 1. */
    private void assertAlong(double[] direction, long seed) {
        double[] near = difference(direction, step);
        double[] far = difference(direction, 2 * step);
        double measured = (8 * near[0] - far[0]) / (12 * step);
        double said = (8 * near[1] - far[1]) / (12 * step);
        assertThat(said)
                .as("slope that the gradient gives, seed %d", seed)
                .isCloseTo(measured, within(TOLERANCE * length() + rounding / step));
    }

    /** The loss's difference between both sides, and what the gradient makes of the floats' difference. */
    private double[] difference(double[] direction, double reach) {
        var up = new float[at.length];
        var down = new float[at.length];
        double expected = 0;
        for (int i = 0; i < at.length; i++) {
            up[i] = (float) (at[i] + reach * direction[i]);
            down[i] = (float) (at[i] - reach * direction[i]);
            expected += gradient[i] * ((double) up[i] - down[i]);
        }
        return new double[] {loss.apply(up).loss() - loss.apply(down).loss(), expected};
    }
}
