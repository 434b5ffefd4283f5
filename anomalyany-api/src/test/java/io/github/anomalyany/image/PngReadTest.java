// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngReadTest {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static RgbImage read(byte[] bytes) throws IOException {
        return RgbImage.read(new ByteArrayInputStream(bytes));
    }

    /** A PNG of hand-made parts: each chunk is a type and its data. */
    static byte[] png(Object... typesAndData) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(SIGNATURE);
        for (int i = 0; i < typesAndData.length; i += 2) {
            byte[] type = ((String) typesAndData[i]).getBytes(StandardCharsets.ISO_8859_1);
            byte[] data = (byte[]) typesAndData[i + 1];
            var crc = new CRC32();
            crc.update(type);
            crc.update(data);
            out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
            out.writeBytes(type);
            out.writeBytes(data);
            out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
        }
        return out.toByteArray();
    }

    static byte[] header(int width, int height, int depth, int colour, int interlacing) {
        return ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) depth)
                .put((byte) colour)
                .put((byte) 0)
                .put((byte) 0)
                .put((byte) interlacing)
                .array();
    }

    static byte[] packed(int... bytes) {
        byte[] plain = new byte[bytes.length];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) bytes[i];
        }
        var deflater = new Deflater();
        deflater.setInput(plain);
        deflater.finish();
        byte[] buffer = new byte[1000];
        byte[] data = Arrays.copyOf(buffer, deflater.deflate(buffer));
        System.arraycopy(buffer, 0, data, 0, data.length);
        deflater.end();
        return data;
    }

    @Test
    void rejectsDamagedStructure() {
        byte[] header = header(2, 1, 8, 0, 0);
        byte[] data = packed(0, 1, 2);
        byte[] none = new byte[0];
        assertRefused(png("IHDR", header, "IDAT", data), "cut off after 2 chunks");
        assertRefused(png("IDAT", data, "IHDR", header, "IEND", none), "doesn't begin with a header");
        assertRefused(png("IHDR", none, "IEND", none), "doesn't begin with a header");
        assertRefused(png("IHDR", header, "IEND", none), "pixel data end at row 0 of 1");
        assertRefused(png("IHDR", header, "IDAT", packed(0, 1), "IEND", none), "pixel data end at row 0 of 1");
        assertRefused(png("IHDR", header, "IDAT", new byte[40], "IEND", none), "can't be unpacked at row 0 of 1");
        assertRefused(png("IHDR", header, "IDAT", packed(5, 1, 2), "IEND", none), "row 0 has filter type 5");
        assertRefused(png("IHDR", header, "CgBI", none, "IDAT", data, "IEND", none), "unsupported PNG chunk CgBI");
        assertRefused(png("IHDR", header, "PLTE", new byte[4], "IDAT", data, "IEND", none), "palette is damaged: 4");
        assertRefused(
                png("IHDR", header(2, 1, 8, 3, 0), "PLTE", new byte[6], "IDAT", data, "IEND", none),
                "pixel (1, 0) has colour 2 of a palette of 2");
        byte[] wrongSum = png("IHDR", header, "IDAT", data, "IEND", none);
        wrongSum[20]++;
        assertRefused(wrongSum, "checksum of chunk IHDR doesn't match");
        byte[] longChunk = png("IHDR", header, "IDAT", data, "IEND", none);
        longChunk[8] = 0x7f;
        assertRefused(longChunk, "chunk IHDR claims");
    }

    @ParameterizedTest
    @CsvSource({"8,1", "3,0", "16,3", "4,2", "0,0", "8,7", "-1,6", "8,-1"})
    void rejectsUnknownColourTypesAndDepths(int depth, int colour) {
        byte[] bytes = png("IHDR", header(1, 1, depth, colour, 0), "IDAT", packed(0, 0, 0, 0), "IEND", new byte[0]);
        assertRefused(bytes, "header is damaged: colour type " + colour + ", depth " + depth);
    }

    @Test
    void rejectsHeadersThatClaimTooMuchBeforeTakingMemory() {
        byte[] data = packed(0, 1, 2);
        byte[] none = new byte[0];
        assertRefused(png("IHDR", header(-1, -1, 8, 2, 0), "IDAT", data, "IEND", none), "claims a size of 4294967295×");
        assertRefused(png("IHDR", header(0, 5, 8, 2, 0), "IDAT", data, "IEND", none), "claims a size of 0×5");
        assertRefused(
                png("IHDR", header(23171, 23171, 8, 2, 0), "IDAT", data, "IEND", none),
                "more than the limit of 536870912 pixels");
        assertRefused(
                png("IHDR", header(23170, 23170, 1, 0, 0), "IDAT", data, "IEND", none), "bytes of pixel data can hold");
        assertRefused(
                png("IHDR", header(1 << 29, 1, 16, 6, 0), "IDAT", data, "IEND", none), "bytes of pixel data can hold");
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("can't read the image: ")
                .hasMessageContaining(message);
    }

    @Test
    void ignoresWhatComesAfterTheEnd() throws IOException {
        byte[] whole = png("IHDR", header(1, 1, 8, 0, 0), "IDAT", packed(0, 77), "IEND", new byte[0]);
        assertThat(read(Arrays.copyOf(whole, whole.length + 100)).rgb(0, 0)).isEqualTo(0x4d4d4d);
    }

    @Test
    void joinsPixelDataOfSeveralChunks() throws IOException {
        byte[] data = packed(0, 1, 2, 3);
        byte[] first = Arrays.copyOf(data, 3);
        byte[] rest = Arrays.copyOfRange(data, 3, data.length);
        byte[] bytes = png(
                "IHDR", header(3, 1, 8, 0, 0), "IDAT", first, "IDAT", new byte[0], "IDAT", rest, "IEND", new byte[0]);
        assertThat(read(bytes).toBytes()).containsExactly(1, 1, 1, 2, 2, 2, 3, 3, 3);
    }

    @Test
    void takesStoredValuesWhateverTheGammaAndTransparency() throws IOException {
        byte[] bytes = png(
                "IHDR",
                header(2, 1, 8, 0, 0),
                "gAMA",
                new byte[] {0, 0, 1, 1},
                "tRNS",
                new byte[] {0, 9},
                "IDAT",
                packed(0, 9, 200),
                "IEND",
                new byte[0]);
        assertThat(read(bytes).rgb(0, 0)).isEqualTo(0x090909);
        assertThat(read(bytes).rgb(1, 0)).isEqualTo(0xc8c8c8);
    }

    /** Pictures of all kinds as the JDK writes them, plain and interlaced, of odd sizes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 13, 31})
    void readsEveryKindThatTheJdkWrites(int width) throws IOException {
        var random = new SplittableRandom(width);
        int height = 1 + random.nextInt(20);
        for (int bits : List.of(1, 2, 4, 8)) {
            byte[][] palette = new byte[3][1 << bits];
            for (byte[] channel : palette) {
                random.nextBytes(channel);
            }
            var indexed = new IndexColorModel(bits, 1 << bits, palette[0], palette[1], palette[2]);
            var raster = bits == 8
                    ? indexed.createCompatibleWritableRaster(width, height)
                    : Raster.createPackedRaster(DataBuffer.TYPE_BYTE, width, height, 1, bits, null);
            checkKind(fill(indexed, raster, random), 0);
        }
        for (int bands = 1; bands <= 4; bands++) {
            checkKind(components(bands, DataBuffer.TYPE_BYTE, width, height, random), 0);
            checkKind(components(bands, DataBuffer.TYPE_USHORT, width, height, random), 8);
        }
    }

    private static BufferedImage components(int bands, int type, int width, int height, SplittableRandom random) {
        var space = ColorSpace.getInstance(bands < 3 ? ColorSpace.CS_GRAY : ColorSpace.CS_sRGB);
        boolean alpha = bands % 2 == 0;
        var model = new ComponentColorModel(
                space, alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
        return fill(model, model.createCompatibleWritableRaster(width, height), random);
    }

    private static BufferedImage fill(ColorModel model, WritableRaster raster, SplittableRandom random) {
        for (int y = 0; y < raster.getHeight(); y++) {
            for (int x = 0; x < raster.getWidth(); x++) {
                for (int b = 0; b < raster.getNumBands(); b++) {
                    raster.setSample(
                            x, y, b, random.nextInt(1 << raster.getSampleModel().getSampleSize(b)));
                }
            }
        }
        return new BufferedImage(model, raster, false, null);
    }

    private static void checkKind(BufferedImage image, int shift) throws IOException {
        for (int mode : List.of(ImageWriteParam.MODE_DISABLED, ImageWriteParam.MODE_DEFAULT)) {
            var read = read(write(image, mode));
            assertThat(read.width()).isEqualTo(image.getWidth());
            assertThat(read.height()).isEqualTo(image.getHeight());
            for (int y = 0; y < read.height(); y++) {
                for (int x = 0; x < read.width(); x++) {
                    assertThat(read.rgb(x, y))
                            .as("%s, interlacing %d, pixel (%d, %d)", image.getColorModel(), mode, x, y)
                            .isEqualTo(stored(image, x, y, shift));
                }
            }
        }
    }

    private static int stored(BufferedImage image, int x, int y, int shift) {
        var raster = image.getRaster();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return palette.getRGB(raster.getSample(x, y, 0)) & 0xffffff;
        }
        boolean grey = raster.getNumBands() < 3;
        int packed = 0;
        for (int c = 0; c < 3; c++) {
            packed = packed << 8 | raster.getSample(x, y, grey ? 0 : c) >> shift;
        }
        return packed;
    }

    private static byte[] write(BufferedImage image, int progressive) throws IOException {
        var out = new ByteArrayOutputStream();
        var writer = ImageIO.getImageWritersByFormatName("png").next();
        try (var stream = new MemoryCacheImageOutputStream(out)) {
            var parameters = writer.getDefaultWriteParam();
            parameters.setProgressiveMode(progressive);
            writer.setOutput(stream);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void spreadsGreyOfFewBitsOverTheWholeRange(int depth) throws IOException {
        int levels = 1 << depth;
        int most = (levels - 1) << (8 - depth);
        byte[] bytes = png("IHDR", header(1, 1, depth, 0, 0), "IDAT", packed(0, most), "IEND", new byte[0]);
        assertThat(read(bytes).rgb(0, 0)).isEqualTo(0xffffff);
        bytes = png("IHDR", header(1, 1, depth, 0, 0), "IDAT", packed(0, 0), "IEND", new byte[0]);
        assertThat(read(bytes).rgb(0, 0)).isZero();
    }
}
