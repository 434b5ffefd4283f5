// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.vlad.FeatureAdapter.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearAdaptersTest {
    private static final Shape SMALL = new Shape(1, 3, 2);

    @TempDir
    private Path folder;

    @Test
    void rejectsParametersThatDoNotFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAdapters.of(SMALL, List.of(new float[6]), true, Map.of()))
                .withMessage("parameters must be 4 arrays but were 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAdapters.of(
                        SMALL, List.of(new float[6], new float[3], new float[4], new float[2]), true, Map.of()))
                .withMessage("parameters[1] must have 2 numbers but had 3");
        float[] broken = {0, Float.NEGATIVE_INFINITY};
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LinearAdapters.of(
                        SMALL, List.of(new float[6], broken, new float[4], new float[2]), true, Map.of()))
                .withMessage("parameters[1] must be finite but had -Infinity");
    }

    @Test
    void multipliesAndAdds() {
        var adapters = LinearAdapters.of(
                SMALL,
                List.of(new float[] {1, 2, 3, 4, 5, 6}, new float[] {10, 20}, new float[] {0, 1, 1, 0}, new float[] {
                    0.5f, 0
                }),
                true,
                Map.of());

        assertThat(adapters.patches(0, new float[] {1, 0, -1, 0, 1, 0}, 2)).containsExactly(8, 18, 12, 25);
        assertThat(adapters.images(new float[] {3, 4}, 1)).containsExactly(4.5f, 3);
    }

    @Test
    void beginsAsPyTorchDoes() {
        var adapters = LinearAdapters.random(new Shape(2, 64, 16), 7);

        double bound = 1 / 8.0;
        for (float[] numbers : adapters.parameters().subList(0, 4)) {
            double[] wide = new double[numbers.length];
            Arrays.setAll(wide, i -> numbers[i]);
            assertThat(Arrays.stream(wide).map(Math::abs).max().orElseThrow()).isBetween(0.8 * bound, bound);
        }
        float[] weight = adapters.parameters().get(0);
        double square = 0;
        for (float number : weight) {
            square += (double) number * number;
        }
        assertThat(Math.sqrt(square / weight.length)).isCloseTo(bound / Math.sqrt(3), within(0.006));
        assertThat(adapters.isTrained()).isFalse();
        float[] picture = adapters.images(weight, 2);
        assertThat(picture).containsExactly(Arrays.copyOf(weight, 32));
        assertThat(LinearAdapters.random(new Shape(2, 64, 16), 7).description()).isEqualTo(adapters.description());
        assertThat(LinearAdapters.random(new Shape(2, 64, 16), 8).description()).isNotEqualTo(adapters.description());
    }

    @Test
    void cannotBeChangedFromOutside() {
        var adapters = TinyDetectors.adapters(1, Map.of("a", "b"));
        String before = adapters.description();
        adapters.parameters().forEach(numbers -> Arrays.fill(numbers, 9));
        float[] matrix = {1, 2, 3, 4, 5, 6};
        var projecting = LinearAdapters.projecting(SMALL, matrix);
        matrix[0] = 100;

        assertThat(adapters.parameters().get(0)[0]).isNotEqualTo(9);
        assertThat(adapters.description()).isEqualTo(before);
        assertThat(projecting.parameters().get(0)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(projecting.parameters().get(1)).containsOnly(0);
    }

    @Test
    void comesBackFromAFile() throws IOException {
        var adapters = TinyDetectors.adapters(4, Map.of("backbone", "some, backbone", "note", "ä \"b\""));
        Path file = folder.resolve("adapters.safetensors");
        adapters.save(file);

        var loaded = LinearAdapters.load(file);

        assertThat(loaded.shape()).isEqualTo(adapters.shape());
        assertThat(loaded.isTrained()).isTrue();
        assertThat(loaded.notes()).isEqualTo(adapters.notes());
        assertThat(loaded.description()).isEqualTo(adapters.description());
        for (int i = 0; i < adapters.parameters().size(); i++) {
            assertThat(loaded.parameters().get(i))
                    .isEqualTo(adapters.parameters().get(i));
        }
        LinearAdapters.random(SMALL, 1).save(file);
        assertThat(LinearAdapters.load(file).isTrained()).isFalse();
    }

    @Test
    void refusesForeignFiles() throws IOException {
        Path file = folder.resolve("foreign");
        assertThatThrownBy(() -> LinearAdapters.load(file)).isInstanceOf(ModelLoadException.class);
        new SafetensorsWriter()
                .tensor("adapter.patch.0.weight", new float[6], 2, 3)
                .write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("holds no VLAD adapters of format 1");
        assertThatThrownBy(() -> LinearAdapters.importAprilGan(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("lacks trainable_linearlayer.fc.0.weight");
        ReferenceBank.of("a", "e", 2, false, List.of(new float[2]), List.of()).save(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("holds no VLAD adapters of format 1");
    }

    @Test
    void refusesDamagedFiles() throws IOException {
        Path file = folder.resolve("damaged");
        TinyDetectors.adapters(4, Map.of()).save(file);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        assertThatThrownBy(() -> LinearAdapters.load(file)).isInstanceOf(ModelLoadException.class);

        float[] broken = {1, 2, 3, 4, Float.NaN, 6};
        var parts = writer().tensor("adapter.patch.0.weight", broken, 2, 3)
                .tensor("adapter.patch.0.bias", new float[2], 2)
                .tensor("adapter.cls.weight", new float[4], 2, 2)
                .tensor("adapter.cls.bias", new float[2], 2);
        parts.write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is damaged: parameters[0] must be finite but had NaN");
        parts.tensor("adapter.patch.0.weight", new float[6], 2, 3)
                .tensor("adapter.cls.weight", new float[2], 1, 2)
                .write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("is damaged: parameters[2] must have 4 numbers but had 2");
        parts.tensor("adapter.patch.0.weight", new float[6], 6).write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("must be a matrix");
        parts.tensor("adapter.patch.0.weight", Dtype.I32, ByteBuffer.allocate(24), 2, 3)
                .write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("I32");
        writer().tensor("adapter.patch.0.weight", new float[6], 2, 3).write(file);
        assertThatThrownBy(() -> LinearAdapters.load(file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("adapter.patch.0.bias");
    }

    private static SafetensorsWriter writer() {
        return new SafetensorsWriter()
                .note("format", "1")
                .note("kind", "vlad-adapters")
                .note("trained", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"trainable_linearlayer.fc.", "fc."})
    void importsTheLayersOfAprilGan(String prefix) throws IOException {
        var writer = new SafetensorsWriter();
        var expected = new ArrayList<float[]>();
        for (int stage = 0; stage < 4; stage++) {
            float[] weight = {stage, 1, 2, 0.5f, -4, 5};
            float[] bias = {0.25f, stage};
            expected.add(weight);
            expected.add(bias);
            writer.tensor(prefix + stage + ".weight", weight, 2, 3);
            // exactly representable, as half precision
            var half = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            half.putShort((short) 0x3400).putShort(new short[] {0, 0x3c00, 0x4000, 0x4200}[stage]);
            writer.tensor(prefix + stage + ".bias", Dtype.F16, half, 2);
        }
        Path file = folder.resolve("april");
        writer.write(file);

        var adapters = LinearAdapters.importAprilGan(file);

        assertThat(adapters.shape()).isEqualTo(new Shape(4, 3, 2));
        assertThat(adapters.isTrained()).isTrue();
        assertThat(adapters.notes()).containsEntry("source", "APRIL-GAN");
        for (int i = 0; i < 8; i++) {
            assertThat(adapters.parameters().get(i)).isEqualTo(expected.get(i));
        }
        assertThat(adapters.images(new float[] {3, -7}, 1)).containsExactly(3, -7);
    }
}
