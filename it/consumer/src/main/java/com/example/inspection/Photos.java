// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.image.RgbImage;
import java.util.SplittableRandom;

/** Stands for a camera. */
public final class Photos {
    private Photos() {}

    /** Brown stripes with some noise. */
    public static RgbImage wood(long seed) {
        var random = new SplittableRandom(seed);
        var bytes = new byte[3 * 96 * 96];
        for (int i = 0; i < 96 * 96; i++) {
            int grey = 110 + 40 * ((i % 96) / 7 % 2) + random.nextInt(20);
            bytes[3 * i] = (byte) grey;
            bytes[3 * i + 1] = (byte) (grey - 20);
            bytes[3 * i + 2] = (byte) (grey - 50);
        }
        return RgbImage.of(96, 96, bytes);
    }
}
