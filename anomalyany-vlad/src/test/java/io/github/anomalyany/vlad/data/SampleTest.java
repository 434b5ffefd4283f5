// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleTest {
    private static final int WIDTH = 5;
    private static final int HEIGHT = 3;

    @TempDir
    Path folder;

    private Sample sample;

    @BeforeEach
    void image() throws IOException {
        RgbImage.of(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]).write(folder.resolve("007.png"));
        sample = new Sample(folder.resolve("007.png"), Optional.of(folder.resolve("007_mask.png")), "crack");
    }

    private Path maskFile() {
        return folder.resolve("007_mask.png");
    }

    private void writeMask(BufferedImage image) throws IOException {
        assertThat(ImageIO.write(image, "png", maskFile().toFile())).isTrue();
    }

    /** Only pixel (2, 1) is set, through one band. */
    private static BufferedImage withOneSample(BufferedImage image, int band, int value) {
        image.getRaster().setSample(2, 1, band, value);
        return image;
    }

    private static BufferedImage wide(boolean colour, boolean alpha) {
        var space = ColorSpace.getInstance(colour ? ColorSpace.CS_sRGB : ColorSpace.CS_GRAY);
        var model = new ComponentColorModel(
                space, alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
        return new BufferedImage(model, raster, false, null);
    }

    private static Mask onePixel() {
        boolean[] pixels = new boolean[WIDTH * HEIGHT];
        pixels[WIDTH + 2] = true;
        return Mask.of(WIDTH, HEIGHT, pixels);
    }

    @Test
    void namesFilesAndSizesIfAMaskIsTransposed() throws IOException {
        writeMask(new BufferedImage(HEIGHT, WIDTH, BufferedImage.TYPE_BYTE_GRAY));
        assertThatThrownBy(sample::readMask)
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "the mask %s has 3×5 pixels but its image %s has 5×3".formatted(maskFile(), sample.image()));
    }

    @Test
    void namesTheDamagedFile() throws IOException {
        writeMask(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY));
        byte[] bytes = Files.readAllBytes(maskFile());
        for (int length : new int[] {0, 1, 7, 24, 25, bytes.length - 1}) {
            Files.write(maskFile(), Arrays.copyOf(bytes, length));
            assertThatThrownBy(sample::readMask)
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("007_mask.png");
        }
        Files.write(sample.image(), Arrays.copyOf(bytes, 40));
        assertThatThrownBy(sample::readImage).isInstanceOf(IOException.class).hasMessageContaining("007.png");
    }

    @Test
    void saysIfAFileHasGone() throws IOException {
        assertThatThrownBy(sample::readMask)
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("007_mask.png");
        Files.delete(sample.image());
        assertThatThrownBy(sample::readImage).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void refusesAJpegThatIsNamedPng() throws IOException {
        byte[] rgb = new byte[3 * WIDTH * HEIGHT];
        Files.write(maskFile(), RgbImage.of(WIDTH, HEIGHT, rgb).toJpeg(1));
        assertThatThrownBy(sample::readMask)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("007_mask.png is a JPEG")
                .hasMessageContaining("must be PNG");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 127, 128, 255})
    void everyValueAboveZeroIsSet(int value) throws IOException {
        writeMask(withOneSample(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY), 0, value));
        assertThat(sample.readMask()).contains(onePixel());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 255, 256, 65535})
    void everyValueOf16BitsAboveZeroIsSet(int value) throws IOException {
        writeMask(withOneSample(wide(false, false), 0, value));
        assertThat(sample.readMask()).contains(onePixel());
        writeMask(withOneSample(wide(true, false), 2, value));
        assertThat(sample.readMask()).contains(onePixel());
    }

    @Test
    void alphaIsNoMask() throws IOException {
        var narrow = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                narrow.setRGB(x, y, x == 2 && y == 1 ? 0xff000100 : 0xff000000);
            }
        }
        writeMask(narrow);
        assertThat(sample.readMask()).contains(onePixel());
        for (boolean colour : new boolean[] {false, true}) {
            var image = wide(colour, true);
            int alpha = colour ? 3 : 1;
            for (int i = 0; i < WIDTH * HEIGHT; i++) {
                image.getRaster().setSample(i % WIDTH, i / WIDTH, alpha, 65535);
            }
            writeMask(withOneSample(image, 0, 3));
            assertThat(sample.readMask()).contains(onePixel());
        }
    }

    @Test
    void everyColourOfAPaletteButBlackIsSet() throws IOException {
        byte[] red = {0, (byte) 128, 0};
        byte[] none = {0, 0, 0};
        byte[] blue = {0, 0, 1};
        var model = new IndexColorModel(2, 3, red, none, blue);
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_INDEXED, model);
        writeMask(withOneSample(image, 0, 2));
        assertThat(sample.readMask()).contains(onePixel());
    }

    @Test
    void oneBitMasksAreRead() throws IOException {
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_BINARY);
        writeMask(withOneSample(image, 0, 1));
        assertThat(sample.readMask()).contains(onePixel());
    }

    @Test
    void normalImagesHaveAnEmptyMaskOfTheirSize() throws IOException {
        var normal = new Sample(sample.image(), Optional.empty(), Sample.GOOD);
        assertThat(normal.anomalous()).isFalse();
        assertThat(normal.readMask()).contains(Mask.empty(WIDTH, HEIGHT));
    }

    @Test
    void anAnomalyThatNobodyDrewHasNoMask() throws IOException {
        var drawn = new Sample(sample.image(), Optional.empty(), "crack");
        assertThat(drawn.anomalous()).isTrue();
        assertThat(drawn.readMask()).isEmpty();
    }

    @Test
    void greyImagesAreReadAsRgb() throws IOException {
        var grey = withOneSample(new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY), 0, 77);
        ImageIO.write(grey, "png", sample.image().toFile());
        assertThat(sample.readImage().rgb(2, 1)).isEqualTo(0x4d4d4d);
    }

    @Test
    void doubtsMasksWithoutAnyPixelAndSmoothedOnes() {
        byte[] rgb = new byte[3 * 40];
        assertThat(MaskReader.doubt(Mask.empty(40, 1), rgb)).get().asString().contains("no pixel above 0");
        for (int i = 0; i < 10; i++) {
            rgb[3 * i] = (byte) i;
        }
        assertThat(MaskReader.doubt(Mask.full(40, 1), rgb)).isEmpty();
        for (int i = 0; i < 40; i++) {
            rgb[3 * i] = (byte) (6 * i);
        }
        assertThat(MaskReader.doubt(Mask.full(40, 1), rgb)).get().asString().contains("40 different values");
    }
}
