// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes a file has, the outcome is a picture or an IOException, soon and without much memory. */
@Timeout(60)
class ImageMutationTest {
    private static final int MUTATIONS = 500;

    private static byte[] resource(String name) throws IOException {
        try (var input = ImageMutationTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(input, name).readAllBytes();
        }
    }

    private static byte[] png() {
        var random = new SplittableRandom(3);
        byte[] rgb = new byte[3 * 40 * 30];
        random.nextBytes(rgb);
        Arrays.fill(rgb, 0, rgb.length / 2, (byte) 90);
        return RgbImage.of(40, 30, rgb).toPng();
    }

    @Test
    void aMutatedPngIsAPictureOrAnIoException() {
        int pictures = tryAll(png(), false);
        assertThat(pictures).as("pictures in spite of checksums").isLessThan(MUTATIONS / 2);
    }

    /** With repaired checksums the mutations reach the decoder. */
    @Test
    void aMutatedPngWithRightChecksumsIsAPictureOrAnIoException() {
        int pictures = tryAll(png(), true);
        assertThat(pictures).as("mutations that decode").isBetween(5, MUTATIONS - 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb-420.jpg",
                "rgb-progressive.jpg",
                "cmyk-adobe.jpg",
                "rgb-profile-exif.jpg",
                "rgb-profile-exif.png"
            })
    void aMutatedFileIsAPictureOrAnIoException(String name) throws IOException {
        tryAll(resource(name), name.endsWith(".png"));
    }

    private static int tryAll(byte[] valid, boolean repair) {
        int pictures = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] mutated = mutate(valid, new SplittableRandom(seed));
            if (repair) {
                repairChecksums(mutated);
            }
            long started = System.nanoTime();
            try {
                var image = RgbImage.read(new ByteArrayInputStream(mutated));
                // whatever a header claims, memory stays in proportion to the bytes
                assertThat((long) image.width() * image.height()).isLessThanOrEqualTo(10_000L * mutated.length);
                pictures++;
            } catch (IOException e) {
                assertThat(e).as("seed %d", seed).hasMessageStartingWith("can't read the image: ");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - started))
                    .as("seed %d", seed)
                    .isLessThan(Duration.ofSeconds(10));
        }
        return pictures;
    }

    private static byte[] mutate(byte[] valid, SplittableRandom random) {
        byte[] bytes = valid.clone();
        for (int edits = 1 + random.nextInt(2); edits > 0; edits--) {
            // headers are short but matter most
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> bytes[at] = (byte) random.nextInt();
                case 3, 4, 5 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 6 -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - random.nextInt(20)));
                default -> {
                    int to = random.nextInt(bytes.length);
                    System.arraycopy(valid, at, bytes, to, Math.min(9, bytes.length - Math.max(at, to)));
                }
            }
        }
        return bytes;
    }

    private static void repairChecksums(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes);
        int at = 8;
        while (at + 12 <= bytes.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > bytes.length - at - 12) {
                return;
            }
            var crc = new CRC32();
            crc.update(bytes, at + 4, length + 4);
            buffer.putInt(at + 8 + length, (int) crc.getValue());
            at += 12 + length;
        }
    }

    @Test
    void mutatedTextsAreReadOrRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a.png");
        RgbImage.of(1, 1, new byte[3]).write(file, Map.of("note", "plain", "other", "Δ π € — ü"));
        byte[] valid = Files.readAllBytes(file);
        int refused = 0;
        for (int seed = 0; seed < MUTATIONS; seed++) {
            byte[] mutated = mutate(valid, new SplittableRandom(seed));
            repairChecksums(mutated);
            Files.write(file, mutated);
            try {
                assertThat(RgbImage.readPngText(file)).isNotNull();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("a.png");
                refused++;
            }
        }
        assertThat(refused).isBetween(20, MUTATIONS - 20);
    }
}
