// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** The outer structure of a PNG file: a signature, then chunks of length, type, data and checksum. */
final class PngChunks {
    static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final Set<String> TEXT = Set.of("tEXt", "zTXt", "iTXt");

    private PngChunks() {}

    /**
     * A chunk.
     *
     * @param type four letters
     * @param offset where its data begin in the file
     * @param length bytes of data
     */
    record Chunk(String type, int offset, int length) {
        /** Critical chunks have an upper-case first letter; a reader that doesn't know one can't show the image. */
        boolean isCritical() {
            return Character.isUpperCase(type.charAt(0));
        }

        boolean isText() {
            return TEXT.contains(type);
        }
    }

    static boolean isPng(byte[] file) {
        return file.length >= SIGNATURE.length
                && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
    }

    /** All chunks up to the end marker. The checksums of critical chunks and of text are verified. */
    static List<Chunk> list(byte[] file) throws IOException {
        var chunks = new ArrayList<Chunk>();
        int at = SIGNATURE.length;
        while (true) {
            if (file.length - at < 12) {
                throw new IOException("the PNG is cut off after " + chunks.size() + " chunks");
            }
            long length = word(file, at);
            String type = new String(file, at + 4, 4, StandardCharsets.ISO_8859_1);
            if (length > file.length - at - 12) {
                throw new IOException("the PNG is cut off: chunk %s claims %d bytes of which %d are there"
                        .formatted(printable(type), length, file.length - at - 12));
            }
            var chunk = new Chunk(type, at + 8, (int) length);
            if (chunk.isCritical() || chunk.isText()) {
                checkSum(file, chunk);
            }
            chunks.add(chunk);
            if (type.equals("IEND")) {
                return chunks;
            }
            at += 12 + (int) length;
        }
    }

    /** Unsigned big-endian word. */
    static long word(byte[] file, int at) {
        return (file[at] & 0xffL) << 24
                | (file[at + 1] & 0xff) << 16
                | (file[at + 2] & 0xff) << 8
                | (file[at + 3] & 0xff);
    }

    static String printable(String type) {
        return type.replaceAll("[^A-Za-z0-9]", "?");
    }

    private static void checkSum(byte[] file, Chunk chunk) throws IOException {
        var crc = new CRC32();
        crc.update(file, chunk.offset() - 4, chunk.length() + 4);
        if (crc.getValue() != word(file, chunk.offset() + chunk.length())) {
            throw new IOException(
                    "the PNG is damaged: the checksum of chunk " + printable(chunk.type()) + " doesn't match");
        }
    }
}
