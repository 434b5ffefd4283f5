// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

import java.util.Objects;

/** A {@link TorchNoise} for each image. */
record TorchNoiseSource() implements NoiseSource {
    @Override
    public String description() {
        return "torch-cpu";
    }

    @Override
    public Stream open(long seed, int image) {
        NoiseArguments.checkNotNegative("image", image);
        var generator = new TorchNoise(seed + image);
        return (purpose, step, count) -> {
            Objects.requireNonNull(purpose, "purpose");
            NoiseArguments.checkNotNegative("step", step);
            return generator.normal(count);
        };
    }
}
