// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RgbImageTest {
    @TempDir
    Path folder;

    private static RgbImage random(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new SplittableRandom(seed).nextBytes(rgb);
        return RgbImage.of(width, height, rgb);
    }

    @Test
    void rejectsSizesAndBytesThatDoNotFit() {
        assertThatThrownBy(() -> RgbImage.of(0, 4, new byte[0]))
                .hasMessage("width and height must be at least 1 but were 0×4");
        assertThatThrownBy(() -> RgbImage.of(2, 1, new byte[5])).hasMessage("rgb must have 3·2·1 = 6 bytes but had 5");
        assertThatThrownBy(() -> RgbImage.of(1 << 30, 1 << 30, new byte[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width·height must be at most 536870912 but was 1073741824×1073741824");
    }

    @Test
    void aFolderWithoutPicturesAndADamagedOneAreNamed() throws IOException {
        assertThatThrownBy(() -> RgbImage.readFolder(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        Files.writeString(folder.resolve("notes.txt"), "no picture");
        Files.writeString(folder.resolve(".hidden.png"), "no picture");
        Files.createDirectory(folder.resolve("below"));
        random(1, 1, 1).write(folder.resolve("below").resolve("a.png"));
        assertThatThrownBy(() -> RgbImage.readFolder(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("no PNG or JPEG files in " + folder);
        Files.writeString(folder.resolve("b.png"), "no picture");
        assertThatThrownBy(() -> RgbImage.readFolder(folder))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("b.png");
    }

    @Test
    void aFoldersPicturesComeByName() throws IOException {
        random(2, 1, 2).write(folder.resolve("b.PNG"));
        random(3, 1, 3).write(folder.resolve("c.png"));
        Files.write(folder.resolve("a.jpeg"), random(1, 1, 1).toJpeg(0.9));
        assertThat(RgbImage.readFolder(folder)).extracting(RgbImage::width).containsExactly(1, 2, 3);
    }

    @Test
    void rejectsPixelsOutside() {
        var image = random(3, 2, 1);
        for (int[] at : new int[][] {{-1, 0}, {3, 0}, {0, -1}, {0, 2}, {Integer.MIN_VALUE, Integer.MAX_VALUE}}) {
            assertThatThrownBy(() -> image.rgb(at[0], at[1]))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessage("pixel (%d, %d) is outside the picture of 3×2", at[0], at[1]);
        }
    }

    @Test
    void rejectsRegionsThatAreNotWhollyInside() {
        var image = random(3, 2, 1);
        for (var region : new Region[] {
            new Region(-1, 0, 2, 1),
            new Region(2, 0, 2, 1),
            new Region(0, 1, 1, 2),
            new Region(0, 0, Integer.MAX_VALUE, 1),
            new Region(Integer.MAX_VALUE, 0, 1, 1),
            new Region(Integer.MIN_VALUE, 0, Integer.MAX_VALUE, 1)
        }) {
            assertThatThrownBy(() -> image.crop(region))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("isn't wholly inside the picture of 3×2");
        }
    }

    @Test
    void namesTheFileThatItCannotRead() throws IOException {
        assertThatThrownBy(() -> RgbImage.read(folder.resolve("no.png")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("no.png");
        assertThatThrownBy(() -> RgbImage.read(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("can't read " + folder + ": it is a folder");
        Path empty = Files.createFile(folder.resolve("empty.png"));
        assertThatThrownBy(() -> RgbImage.read(empty)).hasMessage("can't read " + empty + ": the file is empty");
        Path text = Files.writeString(folder.resolve("text.png"), "hello");
        assertThatThrownBy(() -> RgbImage.read(text))
                .isInstanceOf(IOException.class)
                .hasMessage("can't read " + text + ": not a PNG or JPEG file; convert it to PNG");
        Path gif = Files.writeString(folder.resolve("a.gif"), "GIF89a");
        assertThatThrownBy(() -> RgbImage.read(gif)).hasMessageContaining("not a PNG or JPEG file but looks like GIF");
        assertThatThrownBy(() -> RgbImage.readPngText(text)).hasMessage("can't read " + text + ": not a PNG file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.gif", "a.bmp", "a", "a.png.txt", "png"})
    void writesOnlyPngAndJpeg(String name) {
        assertThatThrownBy(() -> random(2, 2, 1).write(folder.resolve(name)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must end in .png, .jpg or .jpeg but was " + folder.resolve(name));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void writesJpegThatReadsBackNearlyTheSame() throws IOException {
        RgbImage smooth = random(4, 4, 1).resize(64, 48, Resampling.BICUBIC);
        Path file = folder.resolve("a.JPG");
        smooth.write(file);
        RgbImage read = RgbImage.read(file);
        assertThat(read.width()).isEqualTo(64);
        double error = 0;
        for (int y = 0; y < 48; y++) {
            for (int x = 0; x < 64; x++) {
                error += Math.abs((read.rgb(x, y) & 0xff00) - (smooth.rgb(x, y) & 0xff00)) / 256.0 / (64 * 48);
            }
        }
        assertThat(error).isLessThan(3);
        assertThat(smooth.toJpeg(0.3).length).isLessThan(smooth.toJpeg(0.95).length);
        assertThatThrownBy(() -> smooth.toJpeg(1.5)).hasMessageContaining("[0, 1] but was 1.5");
    }

    @Test
    void writesTextsIntoPngOnly() {
        assertThatThrownBy(() -> random(2, 2, 1).write(folder.resolve("a.jpg"), Map.of("k", "v")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void leavesNothingBehindWhenItCannotWrite() throws IOException {
        var image = random(2, 2, 1);
        Path missing = folder.resolve("missing/a.png");
        assertThatThrownBy(() -> image.write(missing))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no folder");
        Path taken = Files.createDirectory(folder.resolve("taken.png"));
        assertThatThrownBy(() -> image.write(taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it is a folder");
        assertThat(taken).isEmptyDirectory();
        Path file = folder.resolve("a.png");
        image.write(file);
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> image.write(file, Map.of("", "x"))).isInstanceOf(IllegalArgumentException.class);
        assertThat(file).hasBinaryContent(before);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("taken.png", "a.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "a  b", "a\nb", "Δ", "a\u00a0b"})
    void rejectsKeywordsThatPngDoesNotAllow(String keyword) {
        assertThatThrownBy(() -> random(1, 1, 1).write(folder.resolve("a.png"), Map.of(keyword, "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("keyword must have 1 to 79 printable Latin-1 characters");
    }

    @Test
    void rejectsTextsWithZeroCharacters() {
        assertThatThrownBy(() -> random(1, 1, 1).write(folder.resolve("a.png"), Map.of("note", "a\0b")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the text of note must not contain U+0000");
    }

    @Test
    void keepsTextsOfAnyScript() throws IOException {
        var texts = new LinkedHashMap<String, String>();
        texts.put("anomalyany", "{\n  \"seed\": 42\n}");
        texts.put("greek", "Δ π € 裂缝 😀");
        texts.put("latin", "é ü ß");
        texts.put("nothing", "");
        Path file = folder.resolve("a.PNG");
        random(2, 2, 1).write(file, texts);
        assertThat(RgbImage.readPngText(file)).isEqualTo(texts);
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes)
                .contains("tEXtanomalyany\0{\n")
                .contains("tEXtlatin\0é")
                .contains("iTXtgreek\0\0\0\0\0");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64, 133})
    void whatIsWrittenIsRead(int width) throws IOException {
        var image = random(width, 1 + width / 2, width);
        Path file = folder.resolve("a.png");
        image.write(file);
        assertThat(RgbImage.read(file)).isEqualTo(image).hasSameHashCodeAs(image);
        assertThat(RgbImage.copyOf(ImageIO.read(file.toFile()))).isEqualTo(image);
        assertThat(image.toPng())
                .isEqualTo(Files.readAllBytes(file))
                .isEqualTo(RgbImage.read(file).toPng());
    }

    @Test
    void replacesAFileOfThatName() throws IOException {
        Path file = folder.resolve("a.png");
        random(5, 5, 1).write(file);
        var second = random(6, 4, 2);
        second.write(file);
        assertThat(RgbImage.read(file)).isEqualTo(second);
    }

    @Test
    void smoothPicturesPackWell() {
        int side = 200;
        byte[] rgb = new byte[3 * side * side];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (i / 3 % side + i / 3 / side);
        }
        assertThat(RgbImage.of(side, side, rgb).toPng()).hasSizeLessThan(rgb.length / 50);
    }

    @Test
    void ownsItsBytes() {
        byte[] rgb = {1, 2, 3};
        var image = RgbImage.of(1, 1, rgb);
        rgb[0] = 9;
        image.toBytes()[1] = 9;
        assertThat(image.rgb(0, 0)).isEqualTo(0x010203);
    }

    @Test
    void isNotClosingTheStream() throws IOException {
        boolean[] closed = {false};
        var stream = new ByteArrayInputStream(random(3, 3, 4).toPng()) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThat(RgbImage.read(stream)).isEqualTo(random(3, 3, 4));
        assertThat(closed[0]).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR
            })
    void convertsPicturesOfAwt(int type) {
        var image = random(4, 3, 5);
        var awt = new BufferedImage(4, 3, type);
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 4; x++) {
                awt.setRGB(x, y, 0xff000000 | image.rgb(x, y));
            }
        }
        assertThat(RgbImage.copyOf(awt)).isEqualTo(image);
        assertThat(RgbImage.copyOf(image.toBufferedImage())).isEqualTo(image);
    }

    /** AWT takes grey pictures for linear light: 128 would become 188. */
    @Test
    void takesGreyOfAwtAsItIsStored() {
        var bytes = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        bytes.getRaster().setSample(0, 0, 0, 128);
        bytes.getRaster().setSample(1, 0, 0, 255);
        assertThat(RgbImage.copyOf(bytes).rgb(0, 0)).isEqualTo(0x808080);
        assertThat(RgbImage.copyOf(bytes).rgb(1, 0)).isEqualTo(0xffffff);
        var shorts = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        shorts.getRaster().setSample(0, 0, 0, 0x80ff);
        assertThat(RgbImage.copyOf(shorts).rgb(0, 0)).isEqualTo(0x808080);
    }

    @Test
    void cropsAPart() {
        var image = random(7, 5, 6);
        var part = image.crop(new Region(2, 1, 4, 3));
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 4; x++) {
                assertThat(part.rgb(x, y)).isEqualTo(image.rgb(x + 2, y + 1));
            }
        }
        assertThat(image.crop(new Region(0, 0, 7, 5))).isEqualTo(image);
    }

    @ParameterizedTest
    @EnumSource(Resampling.class)
    void resizesConstantPicturesToConstantOnes(Resampling resampling) {
        byte[] rgb = new byte[3 * 30 * 20];
        java.util.Arrays.fill(rgb, (byte) 201);
        var image = RgbImage.of(30, 20, rgb);
        for (int[] size : new int[][] {{1, 1}, {3, 70}, {64, 5}, {31, 21}}) {
            var resized = image.resize(size[0], size[1], resampling);
            assertThat(resized.width()).isEqualTo(size[0]);
            assertThat(resized.height()).isEqualTo(size[1]);
            assertThat(resized.toBytes()).containsOnly(201);
        }
        assertThatThrownBy(() -> image.resize(0, 3, resampling)).isInstanceOf(IllegalArgumentException.class);
        assertThat(image.resize(30, 20, resampling)).isEqualTo(image);
    }

    @Test
    void fingerprintDependsOnSizeAndPixels() {
        // printf '\0\0\0\1\0\0\0\2abcdef' | sha256sum
        assertThat(RgbImage.of(1, 2, "abcdef".getBytes(StandardCharsets.US_ASCII))
                        .sha256())
                .isEqualTo("7ad6374fd1cb22b58caf177bc7b9093c066dd5f9c6cefbbc2c6c9001d7542d10");
        assertThat(RgbImage.of(2, 1, new byte[6]).sha256())
                .isNotEqualTo(RgbImage.of(1, 2, new byte[6]).sha256());
    }

    @Test
    void travelsThroughSerialization() throws Exception {
        var image = random(9, 4, 8);
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(image);
            out.writeObject(Mask.fromImage(image));
            out.writeObject(ScoreMap.of(1, 2, new float[] {0.5f, 1}));
        }
        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(image);
            assertThat(in.readObject()).isEqualTo(Mask.fromImage(image));
            assertThat(in.readObject()).isEqualTo(ScoreMap.of(1, 2, new float[] {0.5f, 1}));
        }
    }
}
