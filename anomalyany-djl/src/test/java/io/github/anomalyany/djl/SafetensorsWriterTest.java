// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    @Test
    void refusesDataThatDoesNotFillTheShape() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SafetensorsWriter().tensor("a", new float[5], 2, 3))
                .withMessage("a must have 24 bytes but had 20");
    }

    @Test
    void leavesNothingBehindWhereItCannotWrite() throws IOException {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        var writer = new SafetensorsWriter().tensor("a", new float[1], 1);

        assertThatIOException().isThrownBy(() -> writer.write(taken)).withMessageContaining("it is a folder");
        assertThatIOException()
                .isThrownBy(() -> writer.write(folder.resolve("absent/file")))
                .withMessageContaining("there is no folder");
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(taken);
        }
    }

    @Test
    void replacesAFile() throws IOException {
        Path file = folder.resolve("a.safetensors");
        new SafetensorsWriter().tensor("a", new float[100], 100).write(file);
        new SafetensorsWriter().tensor("b", new float[] {7}, 1).write(file);

        try (var stored = SafetensorsFile.open(file);
                var files = Files.list(folder)) {
            assertThat(stored.entries()).containsOnlyKeys("b");
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void writesEqualBytesForEqualContent() throws IOException {
        Path first = folder.resolve("1");
        Path second = folder.resolve("2");
        for (Path file : new Path[] {first, second}) {
            new SafetensorsWriter()
                    .note("z", "1")
                    .note("a", "2")
                    .tensor("t", new float[] {1, 2}, 2)
                    .write(file);
        }
        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        var random = new Random(6);
        for (int round = 0; round < 20; round++) {
            float[] numbers = new float[random.nextInt(40)];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Float.intBitsToFloat(random.nextInt());
            }
            byte[] bytes = new byte[2 * random.nextInt(9)];
            random.nextBytes(bytes);
            Path file = folder.resolve("round");
            new SafetensorsWriter()
                    .note("quote \"", "ünï\ncode " + round)
                    .tensor("odd \"name\" é", Dtype.F16, ByteBuffer.wrap(bytes), bytes.length / 2)
                    .tensor("numbers", numbers, 1, numbers.length)
                    .tensor("one", new float[] {round})
                    .write(file);

            try (var stored = SafetensorsFile.open(file)) {
                assertThat(stored.metadata()).containsOnly(Map.entry("quote \"", "ünï\ncode " + round));
                assertThat(stored.entries().keySet()).containsExactly("odd \"name\" é", "numbers", "one");
                assertThat(stored.get("numbers").shape()).containsExactly(1, numbers.length);
                if (numbers.length > 0) {
                    float[] back = new float[numbers.length];
                    stored.get("numbers").map().asFloatBuffer().get(back);
                    assertThat(back).as("round %d", round).containsExactly(numbers);
                }
                assertThat(stored.get("one").shape()).isEmpty();
                assertThat(stored.get("one").map().getFloat()).isEqualTo(round);
                assertThat(stored.get("odd \"name\" é").byteLength()).isEqualTo(bytes.length);
            }
        }
    }
}
