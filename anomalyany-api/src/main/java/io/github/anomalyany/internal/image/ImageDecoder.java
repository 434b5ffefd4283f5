// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Decodes image files. Whatever the bytes are, the outcome is an image or an {@link IOException} that says what is wrong. */
public final class ImageDecoder {
    /** Most bytes of a file. */
    public static final int MAX_FILE_BYTES = 1 << 29;

    private static final Map<String, String> OTHER_FORMATS = Map.of(
            "GIF8",
            "GIF",
            "BM",
            "BMP",
            "II*\0",
            "TIFF",
            "MM\0*",
            "TIFF",
            "RIFF",
            "WebP",
            "\0\0\0",
            "HEIF or JPEG 2000");

    private ImageDecoder() {}

    /**
     * Decodes a PNG or JPEG file.
     *
     * @param file the whole file
     * @return its pixels
     * @throws IOException if the bytes are no such file, damaged, of an unsupported kind or too large; without the file name
     */
    public static Pixels decode(byte[] file) throws IOException {
        if (file.length == 0) {
            throw new IOException("the file is empty");
        }
        try {
            if (PngChunks.isPng(file)) {
                return PngDecoder.decode(file);
            }
            if (JpegDecoder.isJpeg(file)) {
                return JpegDecoder.decode(file);
            }
        } catch (OutOfMemoryError e) {
            throw new IOException("not enough memory to decode the image; raise the heap limit (-Xmx)", e);
        } catch (RuntimeException e) {
            throw new IOException("the image is damaged (" + e + ")", e);
        }
        throw new IOException("not a PNG or JPEG file" + guess(file) + "; convert it to PNG");
    }

    /**
     * Refuses sizes before anything is allocated for them.
     *
     * @param width columns that the header claims
     * @param height rows that the header claims
     * @throws IOException if a side is below 1 or there are too many pixels
     */
    static void checkSize(long width, long height) throws IOException {
        if (width < 1 || height < 1) {
            throw new IOException("the header claims a size of " + width + "×" + height);
        }
        if (width > Pixels.MAX_COUNT || height > Pixels.MAX_COUNT || width * height > Pixels.MAX_COUNT) {
            throw new IOException("the header claims a size of %d×%d, more than the limit of %d pixels"
                    .formatted(width, height, Pixels.MAX_COUNT));
        }
    }

    private static String guess(byte[] file) {
        String start = new String(file, 0, Math.min(4, file.length), StandardCharsets.ISO_8859_1);
        for (var format : OTHER_FORMATS.entrySet()) {
            if (start.startsWith(format.getKey())) {
                return " but looks like " + format.getValue();
            }
        }
        return "";
    }
}
