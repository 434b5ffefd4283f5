// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.Device;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.RgbImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Detectors on {@link TinyClip}, and pictures for them. */
public final class TinyDetectors {
    /** What open_clip's layout doesn't tell. */
    public static final BackboneSpec SPEC = BackboneSpec.openAi().withHeadWidths(TinyClip.HEAD, TinyClip.HEAD);

    /** What adapters of the default stages have to fit. */
    public static final FeatureAdapter.Shape SHAPE = new FeatureAdapter.Shape(4, TinyClip.WIDTH, 16);

    private TinyDetectors() {}

    /** The paper's at 60 pixels, which leave 4 unseen, with logits that don't saturate. */
    public static VladSettings settings() {
        return VladSettings.paper().toBuilder()
                .inputSide(60)
                .imageLogitScale(10)
                .pixelLogitScale(10)
                .build();
    }

    /** A builder on the CPU. */
    public static VladDetector.Builder on(Path model) {
        return VladDetector.builder()
                .modelDirectory(model)
                .backbone(SPEC)
                .device(Device.cpu())
                .settings(settings());
    }

    /** Adapters with biases everywhere and no identity. */
    public static LinearAdapters adapters(long seed, Map<String, String> notes) {
        var random = new Random(seed);
        var parameters = LinearAdapters.random(SHAPE, seed).parameters();
        for (float[] numbers : parameters.subList(8, 10)) {
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] += (float) (0.1 * random.nextGaussian());
            }
        }
        return LinearAdapters.of(SHAPE, parameters, true, notes);
    }

    /** Soft colours, stripes and noise. */
    public static RgbImage picture(int width, int height, long seed) {
        var random = new Random(seed);
        double[] waves = random.doubles(12, 0.02, 0.5).toArray();
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i++) {
            int x = Math.floorDiv(i, 3) % width;
            int y = Math.floorDiv(i, 3 * width);
            double wave = Math.sin(waves[i % 3] * x + waves[3 + i % 3] * y + 20 * waves[6 + i % 3]);
            rgb[i] = (byte) Math.max(0, Math.min(255, 128 + 80 * wave + 25 * random.nextGaussian()));
        }
        return RgbImage.of(width, height, rgb);
    }

    /** Some pictures of different seeds and one size. */
    public static List<RgbImage> pictures(int count, int width, int height, long seed) {
        var pictures = new RgbImage[count];
        Arrays.setAll(pictures, i -> picture(width, height, seed + i));
        return List.of(pictures);
    }
}
