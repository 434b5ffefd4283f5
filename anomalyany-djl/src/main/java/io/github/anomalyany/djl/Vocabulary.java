// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.gson.stream.JsonReader;
import io.github.anomalyany.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The pieces that a tokenizer knows and their ids, which count up from 0 without a gap. */
final class Vocabulary {
    static final int MAX_BYTES = 16 << 20;
    private static final int MAX_PIECES = 300_000;
    private static final String VERSION = "#version";
    private static final int OPENAI_MERGES = 49152 - 256 - 2;

    private final Path file;
    private final Map<String, Integer> ids;
    private final String[] pieces;

    private Vocabulary(Path file, Map<String, Integer> ids, String[] pieces) {
        this.file = file;
        this.ids = ids;
        this.pieces = pieces;
    }

    /** Reads {@code vocab.json}. */
    static Vocabulary read(Path file) {
        Map<String, Integer> ids = ModelJson.parse(file, MAX_BYTES, in -> readIds(file, in));
        var pieces = new @Nullable String[ids.size()];
        ids.forEach((piece, id) -> {
            if (id >= pieces.length || pieces[id] != null) {
                throw new ModelLoadException(
                        file,
                        "gives \"" + ModelJson.shown(piece) + "\" the id " + id + "; the ids of its " + pieces.length
                                + " pieces must be different and in [0, " + (pieces.length - 1) + "]");
            }
            pieces[id] = piece;
        });
        var all = new String[pieces.length];
        for (int id = 0; id < all.length; id++) {
            all[id] = Objects.requireNonNull(pieces[id]);
        }
        return new Vocabulary(file, ids, all);
    }

    private static Map<String, Integer> readIds(Path file, JsonReader in) throws IOException {
        var ids = new HashMap<String, Integer>();
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            if (ids.size() == MAX_PIECES) {
                throw new ModelLoadException(file, "has more than " + MAX_PIECES + " pieces");
            }
            String piece = ModelJson.name(in, seen);
            ids.put(piece, (int) Math.min(ModelJson.count(in), Integer.MAX_VALUE));
        }
        in.endObject();
        return ids;
    }

    /** What OpenAI's one file of merges implies: single bytes, bytes that end a word, merges, start and end of a text. */
    static Vocabulary ofMerges(Path merges, byte[] zipped) {
        var pieces = new ArrayList<String>(BytePairs.bytesInOrder());
        BytePairs.bytesInOrder().forEach(piece -> pieces.add(piece + BytePairs.END_OF_WORD));
        openAiMerges(merges, zipped).forEach(line -> pieces.add(line.replaceFirst(" ", "")));
        pieces.add("<|startoftext|>");
        pieces.add("<|endoftext|>");
        var ids = new HashMap<String, Integer>();
        for (int id = 0; id < pieces.size(); id++) {
            if (ids.putIfAbsent(pieces.get(id), id) != null) {
                throw new ModelLoadException(merges, "gives \"" + ModelJson.shown(pieces.get(id)) + "\" twice");
            }
        }
        return new Vocabulary(merges, ids, pieces.toArray(String[]::new));
    }

    /** OpenAI's file goes on after the merges that its model knows. */
    private static List<String> openAiMerges(Path merges, byte[] zipped) {
        List<String> lines = utf8(merges, unzipped(merges, zipped)).lines().toList();
        if (lines.size() <= OPENAI_MERGES) {
            throw new ModelLoadException(
                    merges, "has " + lines.size() + " lines, less than the " + (OPENAI_MERGES + 1) + " wanted");
        }
        return lines.subList(1, OPENAI_MERGES + 1);
    }

    private static byte[] unzipped(Path merges, byte[] zipped) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            if (bytes.length == MAX_BYTES) {
                throw new ModelLoadException(merges, "unpacks to more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new ModelLoadException(merges, null, "can't be unpacked: " + e.getMessage(), e);
        }
    }

    /** The merges of {@link #ofMerges}'s file. */
    BytePairs readOpenAiMerges(Path merges, byte[] zipped, int unknown) {
        return merges(merges, openAiMerges(merges, zipped), unknown);
    }

    /** Reads {@code merges.txt}: two pieces a line, those learnt first come first. */
    BytePairs readMerges(Path merges, int unknown) {
        return merges(
                merges, utf8(merges, ModelJson.bytes(merges, MAX_BYTES)).lines().toList(), unknown);
    }

    private BytePairs merges(Path merges, List<String> lines, int unknown) {
        var pairs = new BytePairs(ids, unknown);
        int number = 0;
        for (var line : lines) {
            number++;
            if (number == 1 && line.startsWith(VERSION)) {
                continue;
            }
            int space = line.indexOf(' ');
            if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
                throw badMerge(merges, number, line, "is not two pieces with one space between them");
            }
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            @Nullable Integer leftId = ids.get(left);
            @Nullable Integer rightId = ids.get(right);
            @Nullable Integer merged = ids.get(left + right);
            if (leftId == null || rightId == null || merged == null) {
                String absent = leftId == null ? left : rightId == null ? right : left + right;
                throw badMerge(
                        merges, number, line, "needs \"" + ModelJson.shown(absent) + "\", which is not in " + file);
            }
            if (!pairs.addMerge(leftId, rightId, merged)) {
                throw badMerge(merges, number, line, "is there twice");
            }
        }
        if (number == 0) {
            throw new ModelLoadException(merges, "is empty; fetch it again");
        }
        return pairs;
    }

    private static String utf8(Path merges, byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ModelLoadException(merges, null, "is not UTF-8 text", e);
        }
    }

    private static ModelLoadException badMerge(Path merges, int number, String line, String problem) {
        return new ModelLoadException(merges, "line " + number + " \"" + ModelJson.shown(line) + "\" " + problem);
    }

    int size() {
        return pieces.length;
    }

    String piece(int id) {
        return pieces[id];
    }

    /** The id of a piece that must be there. */
    int require(String piece, Path wantedBy) {
        @Nullable Integer id = ids.get(piece);
        if (id == null) {
            throw new ModelLoadException(
                    file, "lacks the special token \"" + ModelJson.shown(piece) + "\" that " + wantedBy + " asks for");
        }
        return id;
    }
}
