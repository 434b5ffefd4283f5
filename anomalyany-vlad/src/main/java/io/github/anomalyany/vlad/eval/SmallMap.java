// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Base64;

/**
 * A score map in a few kilobytes, to be looked at: 128×128 at most, 256 steps.
 *
 * @param low value of the first step
 * @param high value of the last step
 * @param png a grey picture in Base64
 */
record SmallMap(double low, double high, String png) {
    private static final int SIDE = 128;

    static SmallMap of(ScoreMap map) {
        int side = Math.min(SIDE, map.width());
        var small = map.resizeBilinear(side, side);
        float[] values = small.toArray();
        float high = small.max();
        float low = high;
        for (float value : values) {
            low = Math.min(low, value);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = high > low ? (values[i] - low) / (high - low) : 0;
        }
        byte[] png = ScoreMap.of(side, side, values).toImage().toPng();
        return new SmallMap(low, high, Base64.getEncoder().encodeToString(png));
    }

    /** The map at another size. */
    ScoreMap map(int width, int height) throws IOException {
        var grey = RgbImage.read(new ByteArrayInputStream(Base64.getDecoder().decode(png)));
        float[] values = new float[grey.width() * grey.height()];
        for (int i = 0; i < values.length; i++) {
            int step = grey.rgb(i % grey.width(), i / grey.width()) & 0xff;
            values[i] = (float) (low + (high - low) * step / 255);
        }
        return ScoreMap.of(grey.width(), grey.height(), values).resizeBilinear(width, height);
    }
}
