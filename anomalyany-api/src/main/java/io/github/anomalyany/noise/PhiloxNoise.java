// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

import java.util.Objects;

/** Key: the seed. Counter: block, step, image, purpose. */
record PhiloxNoise() implements NoiseSource {
    @Override
    public String description() {
        return "philox4x32-10";
    }

    @Override
    public Stream open(long seed, int image) {
        NoiseArguments.checkNotNegative("image", image);
        int[] key = {(int) seed, (int) (seed >>> 32)};
        return (purpose, step, count) -> {
            Objects.requireNonNull(purpose, "purpose");
            NoiseArguments.checkNotNegative("step", step);
            NoiseArguments.checkNotNegative("count", count);
            return Philox.normal(key, step, image, code(purpose), count);
        };
    }

    /** Fixed for good: another number would change every picture. */
    private static int code(Purpose purpose) {
        return switch (purpose) {
            case POSTERIOR -> 0;
            case INITIAL -> 1;
            case STEP -> 2;
            case BACKGROUND -> 3;
        };
    }
}
