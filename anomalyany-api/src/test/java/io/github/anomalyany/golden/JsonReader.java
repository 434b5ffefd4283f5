// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON into maps, lists, strings, {@link Long} (integers), {@link Double} (other numbers), booleans and null. For test
 * data that we made ourselves: it is strict about structure and throws {@link IllegalArgumentException}.
 */
public final class JsonReader {
    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    /** Parses one JSON value. */
    public static @Nullable Object parse(String json) {
        var reader = new JsonReader(json);
        Object value = reader.value();
        reader.space();
        if (reader.at < json.length()) {
            throw reader.wrong("end of text");
        }
        return value;
    }

    /** Parses a file that holds one JSON object. */
    public static Map<String, Object> object(Path file) {
        try {
            return object(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Parses one JSON object. Its nulls are in the map as nulls. */
    public static Map<String, Object> object(String json) {
        return asObject(parse(json));
    }

    /** A value that must be a JSON object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> asObject(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException("not a JSON object: " + value);
    }

    /** A value that must be a JSON array. */
    @SuppressWarnings("unchecked")
    public static List<Object> asList(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new IllegalArgumentException("not a JSON array: " + value);
    }

    /** An array of integers as {@code int[]}. */
    public static int[] asInts(@Nullable Object value) {
        return asList(value).stream()
                .mapToInt(number -> Math.toIntExact((Long) number))
                .toArray();
    }

    private @Nullable Object value() {
        space();
        return switch (peek()) {
            case '{' -> members();
            case '[' -> elements();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, @Nullable Object> members() {
        var map = new LinkedHashMap<String, @Nullable Object>();
        expect('{');
        for (boolean first = true; !closes('}', first); first = false) {
            space();
            String key = string();
            space();
            expect(':');
            map.put(key, value());
        }
        return map;
    }

    private List<@Nullable Object> elements() {
        var list = new ArrayList<@Nullable Object>();
        expect('[');
        for (boolean first = true; !closes(']', first); first = false) {
            list.add(value());
        }
        return list;
    }

    private boolean closes(char bracket, boolean first) {
        space();
        if (peek() == bracket) {
            at++;
            return true;
        }
        if (!first) {
            expect(',');
        }
        return false;
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong("an escape");
        };
    }

    private @Nullable Object word(String word, @Nullable Object meaning) {
        if (!text.startsWith(word, at)) {
            throw wrong(word);
        }
        at += word.length();
        return meaning;
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(from, at);
        try {
            if (digits.matches("-?\\d+")) {
                return Long.valueOf(digits);
            }
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw wrong("a value");
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw wrong("more");
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw wrong("'" + c + "'");
        }
        at++;
    }

    private IllegalArgumentException wrong(String expected) {
        String near = text.substring(Math.min(at, text.length()), Math.min(at + 20, text.length()));
        return new IllegalArgumentException("expected " + expected + " at character " + at + " before: " + near);
    }
}
