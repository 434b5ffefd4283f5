// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG of one, three or four components to RGB. The JDK's decoder yields the components; colours are converted here,
 * by libjpeg's rules, because the JDK refuses CMYK, guesses where libjpeg doesn't, and applies embedded profiles. Profiles,
 * EXIF (orientation too) and thumbnails are cut out beforehand.
 */
final class JpegDecoder {
    /** Fewer bits can't encode a block of 8×8 pixels: one for its mean. */
    private static final long MOST_PIXELS_PER_BYTE = 512;
    /** Progressive files have about ten scans; each costs a pass over the picture however few bytes it has. */
    private static final int MOST_SCANS = 256;

    private static final int START_OF_IMAGE = 0xD8;
    private static final int END_OF_IMAGE = 0xD9;
    private static final int START_OF_SCAN = 0xDA;
    private static final int ADOBE = 0xEE;
    private static final int JFIF = 0xE0;

    private enum Colours {
        GREY,
        RGB,
        YCC,
        CMYK,
        YCCK
    }

    private final byte[] file;
    /** The file without application segments and comments. */
    private final ByteArrayOutputStream stripped = new ByteArrayOutputStream();

    private int width;
    private int height;
    private byte[] components = new byte[0];
    private boolean jfif;
    private boolean adobe;
    private int adobeTransform;

    private JpegDecoder(byte[] file) {
        this.file = file;
    }

    static boolean isJpeg(byte[] file) {
        return file.length >= 3
                && (file[0] & 0xff) == 0xff
                && (file[1] & 0xff) == START_OF_IMAGE
                && (file[2] & 0xff) == 0xff;
    }

    static Pixels decode(byte[] file) throws IOException {
        var decoder = new JpegDecoder(file);
        decoder.readSegments();
        var colours = decoder.colours();
        var raster = decoder.readRaster();
        return decoder.convert(raster, colours);
    }

    /** Walks to the first scan, keeping what decoding needs. */
    private void readSegments() throws IOException {
        stripped.write(file, 0, 2);
        int at = 2;
        while (true) {
            while (at < file.length - 1 && (file[at] & 0xff) == 0xff && (file[at + 1] & 0xff) == 0xff) {
                at++; // fill bytes
            }
            if (at + 4 > file.length || (file[at] & 0xff) != 0xff) {
                throw new IOException("the JPEG is damaged or cut off before its pixels, at byte " + at);
            }
            int marker = file[at + 1] & 0xff;
            int length = (file[at + 2] & 0xff) << 8 | (file[at + 3] & 0xff);
            if (length < 2 || at + 2 + length > file.length) {
                throw new IOException(
                        "the JPEG is cut off: a segment at byte %d claims %d bytes".formatted(at, length));
            }
            if (marker == START_OF_SCAN) {
                break;
            }
            readSegment(marker, at + 4, length - 2);
            boolean application = marker >= JFIF && marker <= 0xEF;
            if (!application && marker != 0xFE) {
                stripped.write(file, at, 2 + length);
            }
            at += 2 + length;
        }
        checkFrame();
        checkScans(at);
        stripped.write(file, at, file.length - at);
    }

    private void readSegment(int marker, int at, int length) throws IOException {
        boolean frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) {
            readFrame(marker, at, length);
        } else if (marker == JFIF && length >= 5 && file[at] == 'J' && file[at + 1] == 'F' && file[at + 2] == 'I') {
            jfif = true;
        } else if (marker == ADOBE && length >= 12 && file[at] == 'A' && file[at + 1] == 'd' && file[at + 2] == 'o') {
            adobe = true;
            adobeTransform = file[at + 11];
        }
    }

    private void readFrame(int marker, int at, int length) throws IOException {
        if (marker > 0xC2) {
            throw new IOException(
                    "unsupported JPEG: lossless, hierarchical or arithmetic coding (frame type %X)".formatted(marker));
        }
        if (length < 6 || length != 6 + 3 * file[at + 5]) {
            throw new IOException("the JPEG is damaged: its frame header has " + length + " bytes");
        }
        if (file[at] != 8) {
            throw new IOException("unsupported JPEG: " + file[at] + " bits a sample instead of 8");
        }
        height = (file[at + 1] & 0xff) << 8 | (file[at + 2] & 0xff);
        width = (file[at + 3] & 0xff) << 8 | (file[at + 4] & 0xff);
        components = new byte[file[at + 5]];
        for (int i = 0; i < components.length; i++) {
            components[i] = file[at + 6 + 3 * i];
        }
    }

    private void checkFrame() throws IOException {
        if (components.length == 0) {
            throw new IOException("the JPEG is damaged: no frame header");
        }
        ImageDecoder.checkSize(width, height);
        if ((long) width * height > MOST_PIXELS_PER_BYTE * file.length) {
            throw new IOException("the JPEG claims %d×%d pixels, more than its %d bytes can hold"
                    .formatted(width, height, file.length));
        }
    }

    private void checkScans(int from) throws IOException {
        int scans = 0;
        boolean ended = false;
        for (int i = from; i < file.length - 1 && !ended; i++) {
            if ((file[i] & 0xff) == 0xff) {
                int marker = file[i + 1] & 0xff;
                scans += marker == START_OF_SCAN ? 1 : 0;
                ended = marker == END_OF_IMAGE;
            }
        }
        if (!ended) {
            throw new IOException("the JPEG is cut off: no end marker");
        }
        if (scans > MOST_SCANS) {
            throw new IOException("the JPEG has " + scans + " scans, more than the limit of " + MOST_SCANS);
        }
    }

    private Colours colours() throws IOException {
        return switch (components.length) {
            case 1 -> Colours.GREY;
            case 3 -> {
                boolean named = components[0] == 'R' && components[1] == 'G' && components[2] == 'B';
                boolean rgb = adobe ? adobeTransform == 0 : named;
                yield rgb && !jfif ? Colours.RGB : Colours.YCC;
            }
            case 4 -> adobe && adobeTransform != 0 ? Colours.YCCK : Colours.CMYK;
            default -> throw new IOException("unsupported JPEG: " + components.length + " components");
        };
    }

    private Raster readRaster() throws IOException {
        var reader = jdkReader();
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(stripped.toByteArray()))) {
            reader.setInput(input, true, true);
            var raster = reader.readRaster(0, null);
            if (raster.getWidth() != width
                    || raster.getHeight() != height
                    || raster.getNumBands() != components.length) {
                throw new IOException("the JPEG is damaged: its headers contradict each other");
            }
            return raster;
        } catch (IIOException e) {
            throw new IOException("the JPEG is damaged: " + e.getMessage(), e);
        } finally {
            reader.dispose();
        }
    }

    /** Other readers on the class path might convert colours by themselves. */
    private static ImageReader jdkReader() throws IOException {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (readers.hasNext()) {
            var reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
            reader.dispose();
        }
        throw new IOException("this Java runtime has no JPEG reader; use PNG");
    }

    private Pixels convert(Raster raster, Colours colours) {
        var pixels = new Pixels(width, height);
        int bands = components.length;
        int[] row = new int[bands * width];
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int x = 0; x < width; x++) {
                int at = bands * x;
                switch (colours) {
                    case GREY -> pixels.set(x, y, row[at], row[at], row[at]);
                    case RGB -> pixels.set(x, y, row[at], row[at + 1], row[at + 2]);
                    case YCC ->
                        pixels.set(
                                x,
                                y,
                                red(row[at], row[at + 2]),
                                green(row[at], row[at + 1], row[at + 2]),
                                blue(row[at], row[at + 1]));
                    case CMYK, YCCK -> setInk(row, at, x, y, colours, pixels);
                }
            }
        }
        return pixels;
    }

    /** Inks are stored inverted, as paper left free: Adobe's convention, which every writer follows, marked or not. */
    private static void setInk(int[] row, int at, int x, int y, Colours colours, Pixels pixels) {
        int cyan = 255 - row[at];
        int magenta = 255 - row[at + 1];
        int yellow = 255 - row[at + 2];
        if (colours == Colours.YCCK) {
            cyan = red(row[at], row[at + 2]);
            magenta = green(row[at], row[at + 1], row[at + 2]);
            yellow = blue(row[at], row[at + 1]);
        }
        int paper = row[at + 3];
        pixels.set(x, y, printed(paper, cyan), printed(paper, magenta), printed(paper, yellow));
    }

    /** What an ink leaves of the light, as Pillow rounds it. */
    private static int printed(int paper, int ink) {
        int product = paper * ink + 128;
        return Math.max(0, paper - ((product + (product >> 8)) >> 8));
    }

    // ITU-R BT.601 in 16 fraction bits, as libjpeg's tables have it
    private static int red(int luma, int cr) {
        return clip(luma + ((91881 * (cr - 128) + 32768) >> 16));
    }

    private static int green(int luma, int cb, int cr) {
        return clip(luma + ((-22554 * (cb - 128) - 46802 * (cr - 128) + 32768) >> 16));
    }

    private static int blue(int luma, int cb) {
        return clip(luma + ((116130 * (cb - 128) + 32768) >> 16));
    }

    private static int clip(int value) {
        return Math.min(255, Math.max(0, value));
    }
}
