// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.internal.image.PillowResampler;

/** How the truth is brought to the side of comparison. */
public enum MaskResampling {
    /** Bilinear without aliasing, as Pillow does it, then set where more than half is covered: as APRIL-GAN and others. */
    BILINEAR {
        @Override
        byte[] resized(byte[] pixels, int width, int height, int toWidth, int toHeight) {
            return PillowResampler.BILINEAR.resize(pixels, 1, width, height, toWidth, toHeight);
        }
    },
    /** The pixel at the centre, which keeps thin defects in part. */
    NEAREST {
        @Override
        byte[] resized(byte[] pixels, int width, int height, int toWidth, int toHeight) {
            byte[] resized = new byte[toWidth * toHeight];
            for (int i = 0; i < resized.length; i++) {
                resized[i] =
                        pixels[nearest(i / toWidth, height, toHeight) * width + nearest(i % toWidth, width, toWidth)];
            }
            return resized;
        }
    };

    abstract byte[] resized(byte[] pixels, int width, int height, int toWidth, int toHeight);

    Mask resize(Mask mask, int toWidth, int toHeight) {
        if (mask.width() == toWidth && mask.height() == toHeight) {
            return mask;
        }
        if (mask.isEmpty()) {
            return Mask.empty(toWidth, toHeight);
        }
        byte[] pixels = new byte[mask.width() * mask.height()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (mask.contains(i % mask.width(), i / mask.width()) ? 255 : 0);
        }
        byte[] resized = resized(pixels, mask.width(), mask.height(), toWidth, toHeight);
        boolean[] set = new boolean[resized.length];
        for (int i = 0; i < set.length; i++) {
            set[i] = resized[i] < 0; // unsigned above 127
        }
        return Mask.of(toWidth, toHeight, set);
    }

    private static int nearest(int position, int from, int to) {
        return (int) ((2L * position + 1) * from / (2L * to));
    }
}
