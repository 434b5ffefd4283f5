// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.Device;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.TinyDetectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveArraysTest {
    @TempDir
    private Path model;

    @Test
    void keepsNoNativeArrays() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
        try (var detector = detector()) {
            var normals = TinyDetectors.pictures(2, 30, 30, 1);
            var picture = TinyDetectors.picture(40, 20, 9);
            detector.detect(picture, detector.index("bolt", normals));
            int before = detector.liveArrays();

            for (int i = 0; i < 50; i++) {
                detector.detect(picture, "category" + i);
                detector.detect(picture, detector.index("bolt", normals));
            }

            assertThat(before).isPositive();
            assertThat(detector.liveArrays()).isEqualTo(before);
        }
    }

    @Test
    void keepsNoNativeArraysAfterFailures() throws IOException {
        var clip = TinyClip.seeded(1);
        clip.data("vision_model.encoder.layers.1.mlp.fc2.bias")[0] = Float.NaN;
        clip.writeHuggingFace(model, Dtype.F32);
        try (var detector = detector()) {
            var picture = TinyDetectors.picture(40, 20, 9);
            int before = detector.liveArrays();
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> detector.detect(picture, "bolt")).isInstanceOf(DetectionException.class);
            }
            assertThat(detector.liveArrays()).isEqualTo(before);
        }
    }

    private ClipVladDetector detector() {
        return ClipVladDetector.load(
                model,
                Optional.of(TinyDetectors.SPEC),
                Device.cpu(),
                Optional.of(TinyDetectors.settings()),
                Optional.of(TinyDetectors.adapters(2, Map.of())),
                Map.of());
    }
}
