// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One model in both layouts and all number formats: the numbers must come out the same. */
class OpenClipLayoutTest extends RuntimeTest {
    private static final ClipVariant SMALL = new ClipVariant(Optional.of(true), TinyClip.HEAD, TinyClip.HEAD);
    private static final int SIDE = 56;

    @TempDir
    private Path folder;

    @Test
    void refusesAHeadWidthThatDoesNotDivide() throws IOException {
        Path model = TinyClip.seeded(1).writeOpenClip(folder, Dtype.F32);

        assertThatThrownBy(() -> ClipModel.load(runtime, model))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("has the width 32, which heads of 64 don't divide")
                .hasMessageContaining("name the head width");
    }

    @Test
    void refusesHeadWidthsBelowOne() {
        assertThatThrownBy(() -> new ClipVariant(Optional.empty(), 0, 64))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("head widths must be at least 1 but were 0 and 64");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "visual.proj                       | is missing",
                "visual.positional_embedding       | must have a square number of positions and one more",
                "visual.transformer.resblocks.2.attn.in_proj_weight | must hold queries, keys and values",
                "text_projection                   | must have 2 axes but has 1"
            })
    void namesWhatIsWrongWithATensor(String name, String problem) throws IOException {
        Path model = TinyClip.seeded(2).writeOpenClip(folder, Dtype.F32);
        Path file = model.resolve("open_clip_model.safetensors");
        var writer = new SafetensorsWriter();
        try (var stored = SafetensorsFile.open(file)) {
            for (var entry : stored.entries().values()) {
                if (!entry.name().equals(name)) {
                    writer.tensor(entry.name(), entry.dtype(), entry.map(), entry.shape());
                } else if (!problem.equals("is missing")) {
                    writer.tensor(name, new float[32], 32);
                }
            }
            if (problem.startsWith("must have a square")) {
                writer.tensor(name, new float[7 * 32], 7, 32);
            }
            writer.write(file);
        }

        assertThatThrownBy(() -> ClipModel.load(runtime, model, SMALL))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(problem)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16"})
    void givesTheNumbersOfTheOtherLayout(Dtype dtype) throws IOException {
        var clip = TinyClip.seeded(3);
        List<float[]> wanted = outputs(clip.writeHuggingFace(folder.resolve("wanted"), Dtype.F32));

        List<float[]> huggingFace = outputs(clip.writeHuggingFace(folder.resolve("hf"), dtype));
        List<float[]> openClip = outputs(clip.writeOpenClip(folder.resolve("oc"), dtype));

        for (int i = 0; i < wanted.size(); i++) {
            assertThat(huggingFace.get(i)).as("output %d", i).containsExactly(wanted.get(i));
            assertThat(openClip.get(i)).as("output %d", i).containsExactly(wanted.get(i));
        }
    }

    @Test
    void transposesSquareProjectionsToo() throws IOException {
        var clip = TinyClip.seeded(4, 2, TinyClip.WIDTH);
        List<float[]> huggingFace = outputs(clip.writeHuggingFace(folder.resolve("hf"), Dtype.F32));

        List<float[]> openClip = outputs(clip.writeOpenClip(folder.resolve("oc"), Dtype.F32));

        for (int i = 0; i < huggingFace.size(); i++) {
            assertThat(openClip.get(i)).as("output %d", i).containsExactly(huggingFace.get(i));
        }
    }

    /** All vision layers, tokens, embeddings of pictures and texts, the projection and the scale. */
    private static List<float[]> outputs(Path model) {
        var random = new Random(5);
        float[] pixels = new float[2 * 3 * SIDE * SIDE];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        var outputs = new ArrayList<float[]>();
        try (var clip = ClipModel.load(runtime, model, SMALL)) {
            var positions = ClipVisionTower.PositionResampling.ANTIALIASED;
            try (var pass = clip.vision().look(pixels, 2, SIDE, SIDE, positions, Tape.Memory.INFERENCE)) {
                for (int layer = 0; layer <= TinyClip.LAYERS; layer++) {
                    outputs.add(pass.hidden(layer));
                }
                outputs.add(pass.embeddings());
                outputs.add(pass.patches(2));
            }
            var tokenizer = ClipTokenizer.load(model, clip.text().positions());
            var ids = tokenizer
                    .encode("a photo of the damaged bolt.", Overlong.REFUSE)
                    .ids();
            try (var pass = clip.text().encode(List.of(ids))) {
                outputs.add(pass.embeddings());
            }
            outputs.add(clip.vision().projectionMatrix());
            outputs.add(new float[] {(float) clip.logitScale()});
        }
        return outputs;
    }
}
