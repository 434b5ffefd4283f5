// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files were written by Pillow; beside each lies what Pillow reads from it. */
class JpegReadTest {
    private static byte[] bytes(String name) throws IOException {
        try (var input = JpegReadTest.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(input, name).readAllBytes();
        }
    }

    private static RgbImage read(byte[] bytes) throws IOException {
        return RgbImage.read(new ByteArrayInputStream(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb-444",
                "rgb-420",
                "rgb-progressive",
                "rgb-adobe-transform-0",
                "rgb-profile-exif",
                "ycc-without-markers",
                "grey",
                "cmyk-adobe",
                "cmyk-plain",
                "ycck-adobe"
            })
    void readsEveryKindAsPillowDoes(String name) throws IOException {
        var ours = read(bytes(name + ".jpg"));
        var theirs = read(bytes(name + ".png"));
        assertThat(ours).hasToString(theirs.toString());
        byte[] a = ours.toBytes();
        byte[] b = theirs.toBytes();
        int worst = 0;
        for (int i = 0; i < a.length; i++) {
            worst = Math.max(worst, Math.abs((a[i] & 0xff) - (b[i] & 0xff)));
        }
        assertThat(worst).as("largest difference in levels").isLessThanOrEqualTo(1);
    }

    @Test
    void rejectsFilesThatAreCutOffAnywhere() throws IOException {
        byte[] whole = bytes("rgb-420.jpg");
        for (int length = 3; length < whole.length; length += 7) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).isInstanceOf(IOException.class).hasMessageContaining("cut off");
        }
    }

    @Test
    void rejectsAHeaderThatClaimsMorePixelsThanTheBytesCanHold() throws IOException {
        byte[] bytes = bytes("grey.jpg");
        int frame = frame(bytes);
        Arrays.fill(bytes, frame + 5, frame + 9, (byte) 0x3f);
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("claims 16191×16191 pixels, more than its 490 bytes can hold");
    }

    @Test
    void rejectsSizesBeyondTheLimit() throws IOException {
        byte[] bytes = bytes("grey.jpg");
        int frame = frame(bytes);
        Arrays.fill(bytes, frame + 5, frame + 9, (byte) 0xff);
        assertThatThrownBy(() -> read(bytes))
                .hasMessageContaining("claims a size of 65535×65535, more than the limit of 536870912 pixels");
        Arrays.fill(bytes, frame + 5, frame + 7, (byte) 0);
        assertThatThrownBy(() -> read(bytes)).hasMessageContaining("claims a size of 65535×0");
    }

    @Test
    void rejectsKindsThatItCannotDecode() throws IOException {
        byte[] twelveBits = bytes("grey.jpg");
        twelveBits[frame(twelveBits) + 4] = 12;
        assertThatThrownBy(() -> read(twelveBits))
                .hasMessageContaining("unsupported JPEG: 12 bits a sample instead of 8");
        byte[] lossless = bytes("grey.jpg");
        lossless[frame(lossless) + 1] = (byte) 0xC3;
        assertThatThrownBy(() -> read(lossless)).hasMessageContaining("unsupported JPEG: lossless");
    }

    @Test
    void rejectsMoreScansThanAnyEncoderWrites() throws IOException {
        byte[] bytes = bytes("grey.jpg");
        byte[] bomb = Arrays.copyOf(bytes, bytes.length + 2 * 300);
        for (int i = bytes.length - 2; i < bomb.length - 2; i += 2) {
            bomb[i] = (byte) 0xff;
            bomb[i + 1] = (byte) 0xda;
        }
        bomb[bomb.length - 2] = (byte) 0xff;
        bomb[bomb.length - 1] = (byte) 0xd9;
        assertThatThrownBy(() -> read(bomb)).hasMessageContaining("301 scans, more than the limit of 256");
    }

    /** Where the frame header's marker begins. */
    private static int frame(byte[] bytes) {
        for (int i = 0; i < bytes.length - 1; i++) {
            if ((bytes[i] & 0xff) == 0xff && (bytes[i + 1] & 0xff) == 0xc0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no frame header");
    }
}
