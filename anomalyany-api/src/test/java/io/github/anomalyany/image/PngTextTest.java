// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts as other programs write them: packed, or in chunks that are damaged. */
class PngTextTest {
    @TempDir
    Path folder;

    private Map<String, String> texts(String type, byte[] data) throws IOException {
        Path file = folder.resolve("a.png");
        Files.write(
                file,
                PngReadTest.png(
                        "IHDR",
                        PngReadTest.header(1, 1, 8, 0, 0),
                        type,
                        data,
                        "IDAT",
                        PngReadTest.packed(0, 0),
                        "IEND",
                        new byte[0]));
        return RgbImage.readPngText(file);
    }

    private static byte[] join(String head, byte[] rest) {
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] joined = Arrays.copyOf(start, start.length + rest.length);
        System.arraycopy(rest, 0, joined, start.length, rest.length);
        return joined;
    }

    private static byte[] pack(byte[] plain) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(plain);
        }
        return out.toByteArray();
    }

    @Test
    void rejectsTextsThatEndEarly() throws IOException {
        byte[] packed = pack("hello".getBytes(StandardCharsets.UTF_8));
        assertRefused("tEXt", join("note", new byte[0]), "a text chunk ends early");
        assertRefused("zTXt", join("note\0", new byte[0]), "a text chunk ends early");
        assertRefused("zTXt", join("note\0\0", Arrays.copyOf(packed, 4)), "a packed text ends early");
        assertRefused("zTXt", join("note\0\0", new byte[20]), "a text can't be unpacked");
        assertRefused("iTXt", join("note\0\0\0en\0", new byte[0]), "a text chunk ends early");
    }

    @Test
    void rejectsTextsThatUnpackToTooMuch() throws IOException {
        assertRefused("zTXt", join("note\0\0", pack(new byte[20_000_000])), "unpacks to more than 16777216 bytes");
    }

    private void assertRefused(String type, byte[] data, String message) {
        assertThatThrownBy(() -> texts(type, data))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("can't read " + folder.resolve("a.png"))
                .hasMessageContaining(message);
    }

    @Test
    void readsPackedTexts() throws IOException {
        assertThat(texts("zTXt", join("note\0\0", pack(new byte[] {'h', (byte) 0xe9}))))
                .containsExactly(Map.entry("note", "hé"));
        assertThat(texts("iTXt", join("note\0\1\0de\0Notiz\0", pack("Δ".getBytes(StandardCharsets.UTF_8)))))
                .containsExactly(Map.entry("note", "Δ"));
        assertThat(texts("iTXt", join("note\0\0\0\0\0", "π".getBytes(StandardCharsets.UTF_8))))
                .containsExactly(Map.entry("note", "π"));
    }
}
