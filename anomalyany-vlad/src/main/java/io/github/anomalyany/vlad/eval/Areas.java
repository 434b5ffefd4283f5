// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** Areas under curves lie between 0 and 1. */
final class Areas {
    /** What rounding may add. */
    private static final double SLACK = 1e-9;

    private Areas() {}

    /** The area without what rounding put beyond the ends; NaN stays. */
    static double checked(String name, double area) {
        if (area < -SLACK || area > 1 + SLACK) {
            throw new AssertionError(name + " must be in [0, 1] but was " + area);
        }
        return Math.min(1, Math.max(0, area));
    }
}
