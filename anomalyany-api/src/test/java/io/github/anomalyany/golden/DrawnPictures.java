// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.util.SplittableRandom;

/** Pictures drawn for tests of what looks at pictures. */
public final class DrawnPictures {
    private DrawnPictures() {}

    /**
     * One object before a background, both with noise of ±6 levels.
     *
     * @param object where it is
     * @param colour of the object, {@code 0xRRGGBB}
     * @param background its colour
     * @param seed of the noise
     */
    public static RgbImage object(Mask object, int colour, int background, long seed) {
        var random = new SplittableRandom(seed);
        byte[] rgb = new byte[3 * object.width() * object.height()];
        for (int i = 0; i < rgb.length; i++) {
            int pixel = i / 3;
            boolean inside = object.contains(pixel % object.width(), pixel / object.width());
            int value = ((inside ? colour : background) >> (16 - 8 * (i % 3)) & 0xff) + random.nextInt(-6, 7);
            rgb[i] = (byte) Math.max(0, Math.min(255, value));
        }
        return RgbImage.of(object.width(), object.height(), rgb);
    }

    /** An ellipse in the middle, half as wide and half as high as the picture. */
    public static Mask middle(int width, int height) {
        return Mask.ellipse(width, height, new Region(width / 4, height / 4, width / 2, height / 2));
    }
}
