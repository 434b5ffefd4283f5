// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFileTest {
    private static final long THREE_GIB = 3L << 30;

    @TempDir
    private Path folder;

    @Test
    void refusesToMapATensorOverTwoGibibytes() throws IOException {
        Path path = large(
                "{\"a\":{\"dtype\":\"U8\",\"shape\":[" + THREE_GIB + "],\"data_offsets\":[0," + THREE_GIB + "]}}");

        try (var file = SafetensorsFile.open(path)) {
            assertThatThrownBy(file.get("a")::map)
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("large.safetensors: tensor a: has " + THREE_GIB);
        }
    }

    @Test
    void refusesToMapOnceClosed() throws IOException {
        var file = SafetensorsFile.open(small("{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 1));
        file.close();
        file.close();

        assertThatIllegalStateException().isThrownBy(file.get("a")::map).withMessageContaining("is closed");
    }

    @Test
    void namesATensorThatIsMissing() throws IOException {
        try (var file = SafetensorsFile.open(small("{}", 0))) {
            assertThatThrownBy(() -> file.get("a"))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageEndingWith("small.safetensors: tensor a: is missing");
        }
    }

    @Test
    void mapsTensorsBehindTwoGibibytes() throws IOException {
        long half = THREE_GIB / 2;
        Path path = large("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + half + "],\"data_offsets\":[0," + half + "]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[3,134217728],\"data_offsets\":[" + half + "," + THREE_GIB
                + "]}}");
        try (var last = new RandomAccessFile(path.toFile(), "rw")) {
            last.seek(last.length() - 4);
            last.writeInt(Integer.reverseBytes(Float.floatToIntBits(1.5f)));
        }

        try (var file = SafetensorsFile.open(path)) {
            var data = file.get("b").map().asFloatBuffer();

            assertThat(data.remaining()).isEqualTo(3 * 134217728);
            assertThat(data.get(data.remaining() - 1)).isEqualTo(1.5f);
        }
    }

    @Test
    void readsNumbersOfAnyPlaceAndKeepsMapsAliveOnceClosed() throws IOException {
        Path path = small(
                "{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"none\":{\"dtype\":\"F16\",\"shape\":[0,7],\"data_offsets\":[3,3]},"
                        + "\"scalar\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[3,11]},"
                        + "\"bytes\":{\"dtype\":\"U8\",\"shape\":[1,3],\"data_offsets\":[0,3]}}  ",
                11);
        byte[] bytes = Files.readAllBytes(path);
        bytes[bytes.length - 8] = 5;
        bytes[bytes.length - 7] = 1;
        Files.write(path, bytes);

        var file = SafetensorsFile.open(path);
        var scalar = file.get("scalar");
        var data = scalar.map();
        file.close();

        assertThat(file.entries().keySet()).containsExactly("none", "scalar", "bytes");
        assertThat(data.getLong()).isEqualTo(256 + 5);
        assertThat(scalar.shape()).isEmpty();
        assertThat(scalar.offset()).isEqualTo(bytes.length - 8);
        assertThat(scalar.isAligned()).isEqualTo(scalar.offset() % 8 == 0);
        assertThat(file.get("none").byteLength()).isZero();
        assertThat(file.get("bytes").dtype()).isEqualTo(Dtype.U8);
        assertThat(file.get("bytes").shape()).containsExactly(1, 3);
    }

    private Path small(String header, int dataBytes) throws IOException {
        return Files.write(
                folder.resolve("small.safetensors"), MalformedModelTest.safetensors(header.getBytes(UTF_8), dataBytes));
    }

    /** A file with a hole instead of data, so that it takes no space. */
    private Path large(String header) throws IOException {
        Path path = folder.resolve("large.safetensors");
        byte[] start = MalformedModelTest.safetensors(header.getBytes(UTF_8), 0);
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(start);
            file.setLength(start.length + THREE_GIB);
        }
        return path;
    }
}
