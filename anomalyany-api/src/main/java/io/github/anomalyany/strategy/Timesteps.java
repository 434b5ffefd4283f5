// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.NoiseSchedule.Spacing;

/**
 * Lists of timesteps, descending. Rounding is half to even and sums are taken in NumPy's order, since a list that differs in
 * one entry is another list.
 */
final class Timesteps {
    private Timesteps() {}

    /** The list of whole numbers that DDIM, DDPM and PNDM use. */
    static double[] whole(NoiseSchedule schedule, int steps) {
        checkSteps(schedule, steps);
        double[] list = switch (schedule.spacing()) {
            case LEADING -> leading(schedule.trainingSteps() / steps, steps, schedule.stepsOffset());
            case TRAILING -> trailing(schedule.trainingSteps(), steps);
            case LINSPACE -> rounded(linspace(schedule.trainingSteps(), steps));
        };
        return checked(list, schedule, steps);
    }

    /** Euler's list: as {@link #whole} but fractional in linear spacing. */
    static double[] fractional(NoiseSchedule schedule, int steps) {
        checkSteps(schedule, steps);
        return schedule.spacing() == Spacing.LINSPACE
                ? checked(linspace(schedule.trainingSteps(), steps), schedule, steps)
                : whole(schedule, steps);
    }

    /** The list of DPM-Solver++: leading and linear spacing divide by one more than the steps and drop the last entry. */
    static double[] oneMore(NoiseSchedule schedule, int steps) {
        checkSteps(schedule, steps);
        int training = schedule.trainingSteps();
        double[] list = switch (schedule.spacing()) {
            case LEADING -> leading(training / (steps + 1), steps + 1, schedule.stepsOffset());
            case TRAILING -> trailing(training, steps);
            case LINSPACE -> rounded(linspace(training, steps + 1));
        };
        return checked(java.util.Arrays.copyOf(list, steps), schedule, steps);
    }

    /** Position in a list at which a run may begin. */
    static void checkStart(int startIndex, int length) {
        if (startIndex < 0 || startIndex >= length) {
            throw new IllegalArgumentException(
                    "startIndex must be in [0, %d] but was %d".formatted(length - 1, startIndex));
        }
    }

    private static double[] leading(int stride, int steps, int offset) {
        double[] list = new double[steps];
        for (int i = 0; i < steps; i++) {
            list[i] = (double) stride * (steps - 1 - i) + offset;
        }
        return list;
    }

    private static double[] trailing(int training, int steps) {
        double stride = (double) training / steps;
        double delta = (training - stride) - training; // as np.arange steps
        double[] list = new double[steps];
        for (int i = 0; i < steps; i++) {
            list[i] = Math.rint(training + i * delta) - 1;
        }
        return list;
    }

    private static double[] linspace(int training, int steps) {
        double last = training - 1;
        double[] list = new double[steps];
        double stride = steps == 1 ? 0 : last / (steps - 1);
        for (int i = 0; i < steps; i++) {
            list[steps - 1 - i] = i > 0 && i == steps - 1 ? last : i * stride;
        }
        return list;
    }

    private static double[] rounded(double[] list) {
        for (int i = 0; i < list.length; i++) {
            list[i] = Math.rint(list[i]);
        }
        return list;
    }

    private static void checkSteps(NoiseSchedule schedule, int steps) {
        if (steps < 1 || steps > schedule.trainingSteps()) {
            throw new IllegalArgumentException(
                    "steps must be in [1, %d] but was %d".formatted(schedule.trainingSteps(), steps));
        }
    }

    private static double[] checked(double[] list, NoiseSchedule schedule, int steps) {
        int last = schedule.trainingSteps() - 1;
        if (list[0] > last) {
            throw new IllegalArgumentException(
                    ("steps = %d with %s spacing and offset %d begin at timestep %.0f, beyond"
                                    + " the last training step %d; take fewer steps or a smaller offset")
                            .formatted(steps, schedule.spacing(), schedule.stepsOffset(), list[0], last));
        }
        for (int i = 1; i < list.length; i++) {
            if (list[i] >= list[i - 1]) {
                throw new IllegalArgumentException(
                        "steps = %d with %s spacing ask for timestep %.0f twice; take fewer steps"
                                .formatted(steps, schedule.spacing(), list[i]));
            }
        }
        return list;
    }
}
