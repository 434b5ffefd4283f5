// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.SafetensorsFile;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.internal.Backbone;
import io.github.anomalyany.vlad.internal.HalfFloats;
import io.github.anomalyany.vlad.internal.TensorFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the backbone sees in a picture, kept in a file, since it is frozen (spec §5.7): patch tokens in half precision and the
 * embedding. The operating system keeps what is used in memory.
 */
final class Features {
    private final List<ByteBuffer> tokens;
    private final float[] embedding;

    private Features(List<ByteBuffer> tokens, float[] embedding) {
        this.tokens = tokens;
        this.embedding = embedding;
    }

    /** Half precision, [patches, tokenWidth]. */
    ByteBuffer tokens(int stage) {
        return tokens.get(stage).duplicate().order(ByteOrder.LITTLE_ENDIAN).clear();
    }

    /** [sharedWidth]. */
    float[] embedding() {
        return embedding;
    }

    /** Opens the features of a picture, computing them if they aren't there or are damaged. */
    static Features of(RgbImage image, Backbone backbone, Path folder, String backboneName) throws IOException {
        Path file = folder.resolve("%s-%s.safetensors".formatted(image.sha256().substring(0, 32), backboneName));
        if (Files.exists(file)) {
            try {
                return open(file, backbone.adapterShape().stages());
            } catch (ModelLoadException e) {
                Files.deleteIfExists(file); // damaged; made again
            }
        }
        write(image, backbone, file);
        return open(file, backbone.adapterShape().stages());
    }

    private static void write(RgbImage image, Backbone backbone, Path file) throws IOException {
        var square = image.resize(backbone.side(), backbone.side(), Resampling.BICUBIC);
        var shape = backbone.adapterShape();
        var writer = new SafetensorsWriter();
        backbone.look(List.of(square), look -> {
            for (int stage = 0; stage < shape.stages(); stage++) {
                float[] numbers = look.tokens(stage).toFloatArray();
                var half = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
                for (float number : numbers) {
                    half.putShort(HalfFloats.narrow(number));
                }
                writer.tensor(
                        "tokens." + stage, Dtype.F16, half, numbers.length / shape.tokenWidth(), shape.tokenWidth());
            }
            return writer.tensor("embedding", look.embeddings(), shape.sharedWidth());
        });
        writer.write(file);
    }

    static Features open(Path file, int stages) {
        try (var stored = SafetensorsFile.open(file)) {
            var tokens = new ArrayList<ByteBuffer>();
            for (int stage = 0; stage < stages; stage++) {
                tokens.add(stored.get("tokens." + stage).map());
            }
            return new Features(tokens, TensorFloats.read(stored.get("embedding")));
        }
    }
}
