// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import io.github.anomalyany.internal.image.ImageDecoder;
import io.github.anomalyany.internal.image.JpegEncoder;
import io.github.anomalyany.internal.image.Pixels;
import io.github.anomalyany.internal.image.PngEncoder;
import io.github.anomalyany.internal.image.PngText;
import io.github.anomalyany.internal.image.WholeFile;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A picture of 8-bit RGB pixels. Immutable, equal by content, safe to share between threads. x runs right from 0, y down
 * from 0; methods take (width, height) and (x, y), arrays are rows from top to bottom.
 *
 * <p>Values are taken as they are stored: colour profiles and gamma are not applied, grey is replicated, alpha is dropped,
 * of 16 bits the upper eight are kept.
 */
public final class RgbImage implements Serializable {
    /** Most pixels of a picture: 512 · 2²⁰. */
    public static final int MAX_PIXELS = Pixels.MAX_COUNT;

    private static final double JPEG_QUALITY = 0.95;
    private static final Pattern PICTURE_NAME = Pattern.compile("[^.].*\\.(png|jpe?g)", Pattern.CASE_INSENSITIVE);
    private static final long serialVersionUID = 1L;

    /** Columns. */
    private final int width;
    /** Rows. */
    private final int height;
    /** Red, green, blue row by row. */
    private final byte[] rgb;

    private RgbImage(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /**
     * Makes a picture from bytes.
     *
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @param rgb red, green, blue of each pixel, row by row; {@code 3·width·height} bytes, copied
     * @return the picture
     * @throws IllegalArgumentException if a side is below 1, there are more than {@link #MAX_PIXELS} pixels, or the number
     *     of bytes doesn't fit
     */
    public static RgbImage of(int width, int height, byte[] rgb) {
        Objects.requireNonNull(rgb, "rgb");
        ImageArguments.checkSize(width, height);
        if (rgb.length != 3 * width * height) {
            throw new IllegalArgumentException("rgb must have 3·%d·%d = %d bytes but had %d"
                    .formatted(width, height, 3 * width * height, rgb.length));
        }
        return new RgbImage(width, height, rgb.clone());
    }

    /**
     * Reads a PNG or JPEG file of any kind: grey, palette, RGB, with alpha, 1 to 16 bits, interlaced, progressive, CMYK.
     * Alpha, colour profiles, gamma and EXIF are ignored, EXIF's orientation too: the pixels come as they are stored. CMYK
     * is converted without a profile, as Pillow does.
     *
     * @param file where from
     * @return the picture
     * @throws IOException if the file is missing, empty, damaged, cut off, of another format, of more than 512 MiB or of
     *     more than {@link #MAX_PIXELS} pixels; the message names the file
     */
    public static RgbImage read(Path file) throws IOException {
        try {
            return decode(ImageArguments.readFile(file));
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e; // say so by their type
        } catch (IOException e) {
            throw new IOException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads the pictures of a folder, as {@link #read(Path)} does: its {@code .png}, {@code .jpg} and {@code .jpeg} files by
     * name, without hidden ones and without folders below.
     *
     * @param folder where from
     * @return at least one picture
     * @throws IOException if there is no such folder, it has no such file, or one can't be read; the message names it
     */
    public static List<RgbImage> readFolder(Path folder) throws IOException {
        var pictures = new ArrayList<RgbImage>();
        for (Path file : pictureFiles(folder)) {
            pictures.add(read(file));
        }
        if (pictures.isEmpty()) {
            throw new IOException("no PNG or JPEG files in " + folder);
        }
        return List.copyOf(pictures);
    }

    private static List<Path> pictureFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> PICTURE_NAME
                            .matcher(String.valueOf(file.getFileName()))
                            .matches())
                    // by string: paths compare differently on Windows
                    .sorted(Comparator.comparing(file -> String.valueOf(file.getFileName())))
                    .toList();
        }
    }

    /**
     * Reads a PNG or JPEG from a stream up to its end, as {@link #read(Path)} does from a file.
     *
     * @param input where from; not closed
     * @return the picture
     * @throws IOException if it can't be read or isn't such a picture
     */
    public static RgbImage read(InputStream input) throws IOException {
        try {
            return decode(ImageArguments.readAll(input));
        } catch (IOException e) {
            throw new IOException("can't read the image: " + e.getMessage(), e);
        }
    }

    private static RgbImage decode(byte[] bytes) throws IOException {
        var pixels = ImageDecoder.decode(bytes);
        return new RgbImage(pixels.width(), pixels.height(), pixels.rgb());
    }

    /**
     * Reads the text chunks of a PNG file.
     *
     * @param file where from
     * @return text by keyword
     * @throws IOException if the file can't be read, is no PNG or is damaged; the message names the file
     */
    public static Map<String, String> readPngText(Path file) throws IOException {
        try {
            return PngText.read(ImageArguments.readFile(file));
        } catch (NoSuchFileException | AccessDeniedException e) {
            throw e; // say so by their type
        } catch (IOException e) {
            throw new IOException("can't read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Converts a picture of AWT. Grey values are taken as they are stored, without AWT's gamma curve.
     *
     * @param image any kind
     * @return the same picture as 8-bit RGB
     * @throws IllegalArgumentException if it has more than {@link #MAX_PIXELS} pixels
     */
    public static RgbImage copyOf(BufferedImage image) {
        int w = image.getWidth();
        int h = image.getHeight();
        ImageArguments.checkSize(w, h);
        byte[] rgb = new byte[3 * w * h];
        int[] row = new int[w];
        boolean grey = isGrey(image);
        int shift = image.getColorModel().getComponentSize(0) - 8;
        for (int y = 0, at = 0; y < h; y++) {
            if (grey) {
                image.getRaster().getSamples(0, y, w, 1, 0, row);
            } else {
                image.getRGB(0, y, w, 1, row, 0, w);
            }
            for (int pixel : row) {
                int packed = grey ? (pixel >> shift) * 0x010101 : pixel;
                rgb[at++] = (byte) (packed >> 16);
                rgb[at++] = (byte) (packed >> 8);
                rgb[at++] = (byte) packed;
            }
        }
        return new RgbImage(w, h, rgb);
    }

    private static boolean isGrey(BufferedImage image) {
        int type = image.getRaster().getTransferType();
        return image.getColorModel() instanceof ComponentColorModel model
                && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && (type == DataBuffer.TYPE_BYTE || type == DataBuffer.TYPE_USHORT)
                && model.getComponentSize(0) >= 8;
    }

    /**
     * Converts to a picture of AWT.
     *
     * @return a new picture of type {@link BufferedImage#TYPE_INT_RGB}
     */
    public BufferedImage toBufferedImage() {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                row[x] = packed(x, y);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }

    /**
     * Columns.
     *
     * @return at least 1
     */
    public int width() {
        return width;
    }

    /**
     * Rows.
     *
     * @return at least 1
     */
    public int height() {
        return height;
    }

    /**
     * One pixel.
     *
     * @param x column
     * @param y row
     * @return {@code 0xRRGGBB}
     * @throws IndexOutOfBoundsException if the pixel is outside the picture
     */
    public int rgb(int x, int y) {
        ImageArguments.checkPixel(x, y, width, height);
        return packed(x, y);
    }

    private int packed(int x, int y) {
        int at = 3 * (y * width + x);
        return (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
    }

    /**
     * All pixels.
     *
     * @return red, green, blue of each pixel, row by row; a copy
     */
    public byte[] toBytes() {
        return rgb.clone();
    }

    /**
     * Resizes the picture.
     *
     * @param toWidth columns wanted, at least 1
     * @param toHeight rows wanted, at least 1
     * @param resampling how
     * @return the resized picture
     * @throws IllegalArgumentException if a side is below 1 or there would be more than {@link #MAX_PIXELS} pixels
     */
    public RgbImage resize(int toWidth, int toHeight, Resampling resampling) {
        ImageArguments.checkSize(toWidth, toHeight);
        if (toWidth == width && toHeight == height) {
            return this;
        }
        byte[] resized = resampling.resampler().resize(rgb, 3, width, height, toWidth, toHeight);
        return new RgbImage(toWidth, toHeight, resized);
    }

    /**
     * Cuts out a part.
     *
     * @param region which, wholly inside the picture
     * @return the part
     * @throws IllegalArgumentException if the region isn't wholly inside
     */
    public RgbImage crop(Region region) {
        boolean inside = region.x() >= 0
                && region.y() >= 0
                && region.width() <= width - region.x()
                && region.height() <= height - region.y();
        if (!inside) {
            throw new IllegalArgumentException(region + " isn't wholly inside the picture of " + width + "×" + height);
        }
        byte[] part = new byte[3 * region.width() * region.height()];
        int length = 3 * region.width();
        for (int y = 0; y < region.height(); y++) {
            System.arraycopy(rgb, 3 * ((region.y() + y) * width + region.x()), part, y * length, length);
        }
        return new RgbImage(region.width(), region.height(), part);
    }

    /**
     * Encodes the picture as PNG. Equal pictures give equal bytes under one Java runtime.
     *
     * @return the bytes of a PNG file
     */
    public byte[] toPng() {
        return PngEncoder.encode(width, height, rgb, Map.of());
    }

    /**
     * Encodes the picture as JPEG. Equal pictures give equal bytes on one Java version.
     *
     * @param quality 0 to 1; 0.95 for pictures that are looked at closely
     * @return the bytes of a JPEG file
     * @throws IllegalArgumentException if the quality is out of range
     */
    public byte[] toJpeg(double quality) {
        return JpegEncoder.encode(toBufferedImage(), quality);
    }

    /**
     * Writes the picture as PNG or JPEG. A file of that name is replaced only once the new one is complete.
     *
     * @param file where to; the name must end in {@code .png}, or in {@code .jpg} or {@code .jpeg} for a JPEG of quality
     *     0.95; the folder must exist
     * @throws IllegalArgumentException if the name ends otherwise
     * @throws IOException if it can't be written
     */
    public void write(Path file) throws IOException {
        if (ImageArguments.isJpeg(file)) {
            WholeFile.write(file, toJpeg(JPEG_QUALITY));
        } else {
            write(file, Map.of());
        }
    }

    /**
     * Writes the picture as PNG with texts. A file of that name is replaced only once the new one is complete.
     *
     * @param file where to; the name must end in {@code .png}, the folder must exist
     * @param text text chunks by keyword; keywords of 1 to 79 Latin-1 characters
     * @throws IllegalArgumentException if the name ends otherwise, or a keyword or text can't be in a PNG
     * @throws IOException if it can't be written
     */
    public void write(Path file, Map<String, String> text) throws IOException {
        ImageArguments.checkPng(file);
        WholeFile.write(file, PngEncoder.encode(width, height, rgb, text));
    }

    /**
     * A fingerprint of the size and the pixels, whatever file they came from.
     *
     * @return SHA-256 of width and height (four bytes each, most significant first) and {@link #toBytes()}, in 64 lower-case
     *     hexadecimal digits
     */
    public String sha256() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(8).putInt(width).putInt(height).array());
            return HexFormat.of().formatHex(digest.digest(rgb));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage that
                && width == that.width
                && height == that.height
                && Arrays.equals(rgb, that.rgb);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(rgb);
    }

    /** Size only, as {@code RgbImage[256×192]}. */
    @Override
    public String toString() {
        return "RgbImage[" + width + "×" + height + "]";
    }
}
