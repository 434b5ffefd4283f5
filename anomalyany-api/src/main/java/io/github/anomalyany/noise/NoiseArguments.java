// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

final class NoiseArguments {
    private NoiseArguments() {}

    static void checkNotNegative(String name, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(name + " must be 0 or more but was " + value);
        }
    }
}
