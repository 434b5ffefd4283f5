// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads masks of datasets: a pixel is set where a channel is above 0. */
final class MaskReader {
    /** More values than a mask of classes has. */
    private static final int MANY_VALUES = 32;

    private static final int DEPTH_AT = 24;
    private static final Logger log = LoggerFactory.getLogger(MaskReader.class);

    private MaskReader() {}

    static Mask read(Path file) throws IOException {
        var image = RgbImage.read(file); // says what is wrong with the file
        byte[] head = head(file);
        if (head[0] != (byte) 0x89) {
            throw new IOException(
                    "the mask " + file + " is a JPEG, which doesn't keep values exactly: masks must be PNG");
        }
        byte[] rgb = image.toBytes();
        boolean[] set = head[DEPTH_AT] == 16 ? aboveZeroIn16Bits(file) : aboveZero(rgb);
        var mask = Mask.of(image.width(), image.height(), set);
        doubt(mask, rgb).ifPresent(doubt -> log.warn("The mask {} {}", file, doubt));
        return mask;
    }

    /** What is odd about a mask that is taken as it is. */
    static Optional<String> doubt(Mask mask, byte[] rgb) {
        if (mask.isEmpty()) {
            return Optional.of("has no pixel above 0, though its image is anomalous");
        }
        var values = new BitSet(256);
        for (byte value : rgb) {
            values.set(value & 0xff);
        }
        if (values.cardinality() > MANY_VALUES) {
            return Optional.of("has %d different values, as if it had been smoothed; every pixel above 0 counts"
                    .formatted(values.cardinality()));
        }
        return Optional.empty();
    }

    private static byte[] head(Path file) throws IOException {
        try (var input = Files.newInputStream(file)) {
            return input.readNBytes(DEPTH_AT + 1);
        }
    }

    private static boolean[] aboveZero(byte[] rgb) {
        boolean[] set = new boolean[rgb.length / 3];
        for (int i = 0; i < rgb.length; i++) {
            set[i / 3] |= rgb[i] != 0;
        }
        return set;
    }

    /** {@link RgbImage} keeps the upper eight bits, in which classes 1 to 9 vanish. */
    private static boolean[] aboveZeroIn16Bits(Path file) throws IOException {
        var image = decode(file);
        int width = image.getWidth();
        int colours = image.getColorModel().getNumColorComponents(); // alpha comes after them
        boolean[] set = new boolean[width * image.getHeight()];
        int[] row = new int[width];
        for (int y = 0; y < image.getHeight(); y++) {
            for (int band = 0; band < colours; band++) {
                image.getRaster().getSamples(0, y, width, 1, band, row);
                for (int x = 0; x < width; x++) {
                    set[y * width + x] |= row[x] != 0;
                }
            }
        }
        return set;
    }

    private static BufferedImage decode(Path file) throws IOException {
        try (var input = Files.newInputStream(file)) {
            var image = ImageIO.read(new MemoryCacheImageInputStream(input)); // closes the outer stream
            if (image != null) {
                return image;
            }
        } catch (IOException | RuntimeException e) {
            throw new IOException("can't read the 16 bits of the mask " + file + ": save it with 8 bits", e);
        }
        throw new IOException("can't read the 16 bits of the mask " + file + ": save it with 8 bits");
    }
}
