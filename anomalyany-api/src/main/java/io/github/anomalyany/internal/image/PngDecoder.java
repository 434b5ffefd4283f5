// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.internal.image.PngChunks.Chunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes PNG of every colour type, depth and interlacing to 8-bit RGB. Grey is replicated, alpha and all ancillary chunks
 * (gamma, profiles, transparency) are ignored, of 16 bits the upper eight are kept: as Pillow and OpenCV do. Written here
 * because the JDK's reader applies a gamma curve to grey images and allocates what the header claims.
 */
final class PngDecoder {
    /** Deflate packs at most 258 bytes into 2 bits. */
    private static final long MOST_BYTES_PER_BYTE = 1032;

    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGB_ALPHA = 6;

    /** Adam7: first column and row, and distances, of each pass. */
    private static final int[][] PASSES = {
        {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final byte[] file;
    private final Header header;
    private byte[] palette = new byte[0];
    private final List<Chunk> data = new ArrayList<>();

    private PngDecoder(byte[] file) throws IOException {
        this.file = file;
        var chunks = PngChunks.list(file);
        header = Header.read(file, chunks.get(0));
        for (var chunk : chunks.subList(1, chunks.size())) {
            switch (chunk.type()) {
                case "PLTE" -> palette = readPalette(chunk);
                case "IDAT" -> data.add(chunk);
                case "IEND" -> {}
                default -> {
                    if (chunk.isCritical()) {
                        throw new IOException("unsupported PNG chunk " + PngChunks.printable(chunk.type()));
                    }
                }
            }
        }
    }

    static Pixels decode(byte[] file) throws IOException {
        return new PngDecoder(file).decode();
    }

    private record Header(int width, int height, int depth, int colour, boolean interlaced) {
        static Header read(byte[] file, Chunk chunk) throws IOException {
            if (!chunk.type().equals("IHDR") || chunk.length() != 13) {
                throw new IOException("the PNG doesn't begin with a header");
            }
            int at = chunk.offset();
            long width = PngChunks.word(file, at);
            long height = PngChunks.word(file, at + 4);
            int depth = file[at + 8];
            int colour = file[at + 9];
            ImageDecoder.checkSize(width, height);
            boolean known = switch (colour) {
                case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
                case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
                case RGB, GREY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
                default -> false;
            };
            int interlacing = file[at + 12];
            if (!known || file[at + 10] != 0 || file[at + 11] != 0 || interlacing < 0 || interlacing > 1) {
                throw new IOException("the PNG header is damaged: colour type %d, depth %d, compression %d, filter %d,"
                                .formatted(colour, depth, file[at + 10], file[at + 11])
                        + " interlacing " + interlacing);
            }
            return new Header((int) width, (int) height, depth, colour, interlacing == 1);
        }

        int channels() {
            return switch (colour) {
                case GREY_ALPHA -> 2;
                case RGB -> 3;
                case RGB_ALPHA -> 4;
                default -> 1;
            };
        }

        long rowBytes(int columns) {
            return ((long) columns * channels() * depth + 7) / 8;
        }

        int[][] passes() {
            return interlaced ? PASSES : ONE_PASS;
        }

        int columns(int[] pass) {
            return (width - pass[0] + pass[2] - 1) / pass[2];
        }

        int rows(int[] pass) {
            return (height - pass[1] + pass[3] - 1) / pass[3];
        }
    }

    private byte[] readPalette(Chunk chunk) throws IOException {
        if (chunk.length() % 3 != 0 || chunk.length() > 3 * 256) {
            throw new IOException("the PNG palette is damaged: " + chunk.length() + " bytes");
        }
        return Arrays.copyOfRange(file, chunk.offset(), chunk.offset() + chunk.length());
    }

    private Pixels decode() throws IOException {
        checkEnoughData();
        var pixels = new Pixels(header.width(), header.height());
        try (var input = new PngData(file, data)) {
            for (int[] pass : header.passes()) {
                int columns = header.columns(pass);
                int rows = header.rows(pass);
                if (columns > 0 && rows > 0) {
                    decodePass(input, pass, columns, rows, pixels);
                }
            }
        }
        return pixels;
    }

    /** A few bytes that claim millions of pixels are refused before memory is taken for them. */
    private void checkEnoughData() throws IOException {
        long packed = 0;
        for (var chunk : data) {
            packed += chunk.length();
        }
        long unpacked = 0;
        for (int[] pass : header.passes()) {
            unpacked += (1 + header.rowBytes(header.columns(pass))) * header.rows(pass);
        }
        if (unpacked > MOST_BYTES_PER_BYTE * (packed + 1)) {
            throw new IOException("the PNG claims %d×%d pixels, more than its %d bytes of pixel data can hold"
                    .formatted(header.width(), header.height(), packed));
        }
        if (header.rowBytes(header.width()) > Integer.MAX_VALUE - 16) {
            throw new IOException("the PNG has rows too long to read: " + header.width() + " pixels");
        }
    }

    private void decodePass(PngData input, int[] pass, int columns, int rows, Pixels pixels) throws IOException {
        int length = (int) header.rowBytes(columns);
        int pixelBytes = Math.max(1, header.channels() * header.depth() / 8);
        byte[] row = new byte[length];
        byte[] above = new byte[length];
        for (int r = 0; r < rows; r++) {
            int y = pass[1] + r * pass[3];
            int filter = input.readRow(row, y, header.height());
            PngFilter.undo(filter, row, above, pixelBytes);
            for (int c = 0; c < columns; c++) {
                convert(row, c, pass[0] + c * pass[2], y, pixels);
            }
            byte[] spare = above;
            above = row;
            row = spare;
        }
    }

    private void convert(byte[] row, int column, int x, int y, Pixels pixels) throws IOException {
        int bytes = header.depth() == 16 ? 2 : 1;
        switch (header.colour()) {
            case RGB, RGB_ALPHA -> {
                int at = column * header.channels() * bytes;
                pixels.set(x, y, row[at], row[at + bytes], row[at + 2 * bytes]);
            }
            case PALETTE -> {
                int at = 3 * bits(row, column);
                if (at >= palette.length) {
                    throw new IOException("the PNG is damaged: pixel (%d, %d) has colour %d of a palette of %d"
                            .formatted(x, y, at / 3, palette.length / 3));
                }
                pixels.set(x, y, palette[at], palette[at + 1], palette[at + 2]);
            }
            default -> {
                int grey = header.depth() < 8
                        ? bits(row, column) * 255 / ((1 << header.depth()) - 1)
                        : row[column * header.channels() * bytes];
                pixels.set(x, y, grey, grey, grey);
            }
        }
    }

    /** A sample of at most 8 bits, packed from the upper end of each byte. */
    private int bits(byte[] row, int column) {
        int depth = header.depth();
        long bit = (long) column * depth;
        return row[(int) (bit >> 3)] >> (8 - depth - (int) (bit & 7)) & ((1 << depth) - 1);
    }
}
