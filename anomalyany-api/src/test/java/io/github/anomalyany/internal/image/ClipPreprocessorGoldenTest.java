// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.image.RgbImage;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClipPreprocessorGoldenTest {
    static List<GoldenFile> files() {
        return Goldens.open().files("clip", "preprocess-");
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsTransformers(GoldenFile golden) {
        GoldenTensor in = golden.in("image");
        int edge = golden.out("cropped").shape(1);
        golden.verify(check -> {
            var image = RgbImage.of(in.shape(1), in.shape(0), in.toBytes());
            var square = ClipPreprocessor.square(image, edge);
            check.compare("cropped", planes(square), 3, edge, edge);
            if (golden.hasOut("pixel_values")) {
                check.compare("pixel_values", ClipPreprocessor.pixelValues(square), 3, edge, edge);
            }
        });
    }

    private static byte[] planes(RgbImage image) {
        byte[] rgb = image.toBytes();
        byte[] planes = new byte[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            planes[i % 3 * (rgb.length / 3) + i / 3] = rgb[i];
        }
        return planes;
    }
}
