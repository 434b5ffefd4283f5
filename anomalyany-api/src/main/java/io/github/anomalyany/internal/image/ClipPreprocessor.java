// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;

/** Prepares pictures for CLIP as OpenAI's code does: the shorter side to the edge by Pillow's bicubic, the centre, scaled. */
public final class ClipPreprocessor {
    private static final double[] MEAN = {0.48145466, 0.4578275, 0.40821073};
    private static final double[] DEVIATION = {0.26862954, 0.26130258, 0.27577711};

    private ClipPreprocessor() {}

    /**
     * Resizes and crops.
     *
     * @param image any picture
     * @param edge side of the square wanted
     * @return a square picture
     */
    public static RgbImage square(RgbImage image, int edge) {
        int shorter = Math.min(image.width(), image.height());
        int width = (int) ((long) edge * image.width() / shorter);
        int height = (int) ((long) edge * image.height() / shorter);
        return image.resize(width, height, Resampling.BICUBIC)
                .crop(new Region((width - edge) / 2, (height - edge) / 2, edge, edge));
    }

    /**
     * Scales values to CLIP's mean and deviation.
     *
     * @param image the picture
     * @return {@code [channel][row][column]}
     */
    public static float[] pixelValues(RgbImage image) {
        byte[] rgb = image.toBytes();
        int plane = rgb.length / 3;
        float[] values = new float[rgb.length];
        for (int i = 0; i < plane; i++) {
            for (int c = 0; c < 3; c++) {
                values[c * plane + i] = (float) (((rgb[3 * i + c] & 0xff) / 255.0 - MEAN[c]) / DEVIATION[c]);
            }
        }
        return values;
    }
}
