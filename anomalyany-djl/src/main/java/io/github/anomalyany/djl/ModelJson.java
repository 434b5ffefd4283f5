// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.anomalyany.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Reads the JSON of a model directory token by token: strict, with bounded nesting and bounded size. */
final class ModelJson {
    private static final int MAX_NESTING = 32;
    private static final int MAX_DIGITS = 18;
    private static final int MAX_SHOWN = 200;

    private ModelJson() {}

    /** Reads one document from a reader. */
    interface Document<T> {
        T read(JsonReader in) throws IOException;
    }

    /** Reads a whole file. */
    static <T> T parse(Path file, int maxBytes, Document<T> document) {
        return parse(file, new ByteArrayInputStream(bytes(file, maxBytes)), document);
    }

    /** Reads a stream that holds one document and nothing else but white space. */
    static <T> T parse(Path file, InputStream bytes, Document<T> document) {
        var utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = new JsonReader(new InputStreamReader(bytes, utf8));
        in.setStrictness(Strictness.STRICT);
        in.setNestingLimit(MAX_NESTING);
        try {
            T result = document.read(in);
            if (in.peek() != JsonToken.END_DOCUMENT) {
                throw new IOException("text follows the end of the document");
            }
            return result;
        } catch (CharacterCodingException e) {
            throw new ModelLoadException(file, null, "is not UTF-8 text", e);
        } catch (IOException | IllegalStateException | NumberFormatException e) {
            throw new ModelLoadException(file, null, "is not valid JSON: " + problem(e), e);
        }
    }

    /** The bytes of a regular file that must not be larger than the limit. */
    static byte[] bytes(Path file, int maxBytes) {
        requireRegular(file);
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new ModelLoadException(file, "is larger than the limit of " + maxBytes + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** Refuses what is not a file, before anything opens it: opening a pipe would wait for ever. */
    static void requireRegular(Path file) {
        if (!Files.isRegularFile(file)) {
            String problem = Files.exists(file)
                    ? "is not a regular file"
                    : Files.isSymbolicLink(file) ? "is a link to a file that does not exist" : "does not exist";
            throw new ModelLoadException(file, problem);
        }
    }

    static ModelLoadException unreadable(Path file, Exception cause) {
        return new ModelLoadException(file, null, "can't be read: " + cause, cause);
    }

    /** The next name of an object, which must not have occurred in it before. */
    static String name(JsonReader in, Set<String> seen) throws IOException {
        String name = in.nextName();
        if (!seen.add(name)) {
            throw new IOException("the key \"" + shown(name) + "\" occurs twice");
        }
        return name;
    }

    /** A string; unlike the reader's own method this takes no numbers. */
    static String text(JsonReader in) throws IOException {
        if (in.peek() != JsonToken.STRING) {
            throw new IOException("a string is wanted but there is " + in.peek() + " at " + shown(in.getPath()));
        }
        return in.nextString();
    }

    /** An integer that is not negative; unlike the reader's own method this takes no strings and no fractions. */
    static long count(JsonReader in) throws IOException {
        String digits = in.peek() == JsonToken.NUMBER ? in.nextString() : "a " + in.peek();
        if (digits.length() > MAX_DIGITS || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IOException(
                    "an integer in [0, 10^18) is wanted but there is " + shown(digits) + " at " + shown(in.getPath()));
        }
        return Long.parseLong(digits);
    }

    /** Cuts a text from a file to a length that fits a message. */
    static String shown(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
    }

    /** The parser's message without its advice, which is for programmers. */
    private static String problem(Exception e) {
        String message = String.valueOf(e.getMessage());
        String line = message.lines().findFirst().orElse(message);
        return shown(
                line.replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "error"));
    }
}
