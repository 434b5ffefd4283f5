// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Encodes 8-bit RGB as PNG. Equal pictures and texts give equal bytes under one Java runtime. */
public final class PngEncoder {
    private static final int LEVEL = 6;
    private static final int MAX_KEYWORD = 79;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PngEncoder() {}

    /**
     * Encodes a picture.
     *
     * @param width columns
     * @param height rows
     * @param rgb red, green, blue row by row
     * @param text text chunks by keyword; written in the order of the keywords
     * @return the file
     * @throws IllegalArgumentException if a keyword or a text can't be in a PNG
     */
    public static byte[] encode(int width, int height, byte[] rgb, Map<String, String> text) {
        var encoder = new PngEncoder();
        encoder.out.writeBytes(PngChunks.SIGNATURE);
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) 8) // bits
                .put((byte) 2) // RGB
                .array();
        encoder.chunk("IHDR", header, header.length);
        new TreeMap<>(text).forEach(encoder::text);
        encoder.pixels(3 * width, height, rgb);
        encoder.chunk("IEND", new byte[0], 0);
        return encoder.out.toByteArray();
    }

    private void chunk(String type, byte[] data, int length) {
        byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
        var crc = new CRC32();
        crc.update(name);
        crc.update(data, 0, length);
        out.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        out.writeBytes(name);
        out.write(data, 0, length);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private void text(String keyword, String text) {
        checkKeyword(keyword);
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text of " + keyword + " must not contain U+0000");
        }
        var data = new ByteArrayOutputStream();
        data.writeBytes(keyword.getBytes(StandardCharsets.ISO_8859_1));
        data.write(0);
        boolean latin = text.chars().allMatch(c -> c == '\n' || isLatin(c));
        if (!latin) {
            data.writeBytes(new byte[4]); // not compressed, no language, no translated keyword
        }
        data.writeBytes(text.getBytes(latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        chunk(latin ? "tEXt" : "iTXt", data.toByteArray(), data.size());
    }

    private static void checkKeyword(String keyword) {
        boolean valid = !keyword.isEmpty()
                && keyword.length() <= MAX_KEYWORD
                && keyword.chars().allMatch(PngEncoder::isLatin)
                && keyword.equals(keyword.strip())
                && !keyword.contains("  ");
        if (!valid) {
            throw new IllegalArgumentException("a PNG keyword must have 1 to " + MAX_KEYWORD
                    + " printable Latin-1 characters without outer or double spaces but was \"" + keyword + "\"");
        }
    }

    private static boolean isLatin(int c) {
        return (c >= 0x20 && c <= 0x7e) || (c >= 0xa1 && c <= 0xff);
    }

    /** Each row with the filter whose differences are smallest in sum, the usual rule. */
    private void pixels(int rowBytes, int height, byte[] rgb) {
        var deflater = new Deflater(LEVEL);
        try {
            byte[] packed = new byte[1 << 16];
            byte[] row = new byte[rowBytes];
            byte[] above = new byte[rowBytes];
            byte[] best = new byte[1 + rowBytes];
            byte[] filtered = new byte[rowBytes];
            for (int y = 0; y < height; y++) {
                System.arraycopy(rgb, y * rowBytes, row, 0, rowBytes);
                filterBest(row, above, filtered, best);
                deflater.setInput(best);
                write(deflater, packed);
                byte[] spare = above;
                above = row;
                row = spare;
            }
            deflater.finish();
            write(deflater, packed);
        } finally {
            deflater.end();
        }
    }

    private static void filterBest(byte[] row, byte[] above, byte[] filtered, byte[] best) {
        long least = Long.MAX_VALUE;
        for (int filter = 0; filter < PngFilter.COUNT; filter++) {
            PngFilter.apply(filter, row, above, 3, filtered);
            long sum = 0;
            for (byte difference : filtered) {
                sum += Math.abs(difference);
            }
            if (sum < least) {
                least = sum;
                best[0] = (byte) filter;
                System.arraycopy(filtered, 0, best, 1, filtered.length);
            }
        }
    }

    private void write(Deflater deflater, byte[] packed) {
        for (int count = deflater.deflate(packed); count > 0; count = deflater.deflate(packed)) {
            chunk("IDAT", packed, count);
        }
    }
}
