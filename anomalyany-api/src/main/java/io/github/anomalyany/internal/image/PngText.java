// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.internal.image.PngChunks.Chunk;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads the text chunks of a PNG. */
public final class PngText {
    /** Most bytes that a packed text may unpack to. */
    private static final int MAX_TEXT_BYTES = 1 << 24;

    private final byte[] file;
    private final int end;
    private int at;

    private PngText(byte[] file, Chunk chunk) {
        this.file = file;
        at = chunk.offset();
        end = at + chunk.length();
    }

    /**
     * Reads all texts.
     *
     * @param file a whole PNG file
     * @return text by keyword, in the order of the file; of equal keywords the last
     * @throws IOException if the file isn't a PNG or is damaged
     */
    public static Map<String, String> read(byte[] file) throws IOException {
        if (!PngChunks.isPng(file)) {
            throw new IOException("not a PNG file");
        }
        var texts = new LinkedHashMap<String, String>();
        for (var chunk : PngChunks.list(file)) {
            if (chunk.isText()) {
                var reader = new PngText(file, chunk);
                texts.put(reader.untilZero(StandardCharsets.ISO_8859_1), reader.text(chunk.type()));
            }
        }
        return texts;
    }

    private String text(String type) throws IOException {
        switch (type) {
            case "tEXt" -> {
                return rest(false, StandardCharsets.ISO_8859_1);
            }
            case "zTXt" -> {
                at++; // compression method
                return rest(true, StandardCharsets.ISO_8859_1);
            }
            default -> {
                boolean packed = at < end && file[at] == 1;
                at += 2; // compression flag and method
                untilZero(StandardCharsets.ISO_8859_1); // language
                untilZero(StandardCharsets.UTF_8); // translated keyword
                return rest(packed, StandardCharsets.UTF_8);
            }
        }
    }

    private String untilZero(Charset charset) throws IOException {
        int from = at;
        while (at < end && file[at] != 0) {
            at++;
        }
        if (at >= end) {
            throw new IOException("the PNG is damaged: a text chunk ends early");
        }
        return new String(file, from, at++ - from, charset);
    }

    private String rest(boolean packed, Charset charset) throws IOException {
        if (at > end) {
            throw new IOException("the PNG is damaged: a text chunk ends early");
        }
        return packed ? new String(unpacked(), charset) : new String(file, at, end - at, charset);
    }

    private byte[] unpacked() throws IOException {
        var inflater = new Inflater();
        try {
            inflater.setInput(file, at, end - at);
            var out = new java.io.ByteArrayOutputStream();
            byte[] buffer = new byte[8192];
            for (int count = inflater.inflate(buffer); count > 0; count = inflater.inflate(buffer)) {
                out.write(buffer, 0, count);
                if (out.size() > MAX_TEXT_BYTES) {
                    throw new IOException("a PNG text unpacks to more than " + MAX_TEXT_BYTES + " bytes");
                }
            }
            if (!inflater.finished()) {
                throw new IOException("the PNG is damaged: a packed text ends early");
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new IOException("the PNG is damaged: a text can't be unpacked", e);
        } finally {
            inflater.end();
        }
    }
}
