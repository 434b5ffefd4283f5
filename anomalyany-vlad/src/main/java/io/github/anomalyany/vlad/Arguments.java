// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/** Checks of arguments. */
final class Arguments {
    private Arguments() {}

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException("%s must be in [%d, %d] but was %d".formatted(name, least, most, value));
        }
        return value;
    }

    static double range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException("%s must be in [%s, %s] but was %s".formatted(name, least, most, value));
        }
        return value;
    }
}
