// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads comma-separated values with a header (RFC 4180): any line ends, quoted values, UTF-8 with or without mark. */
final class Csv {
    private final Path file;
    private final String text;
    private int at;
    private int line = 1;

    private Csv(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * A line after the header.
     *
     * @param number of the line in the file, from 1
     * @param values by column, stripped
     */
    record Row(int number, Map<String, String> values) {}

    /** The rows, each with a value of every column that the header has; the header has the columns wanted. */
    static List<Row> read(Path file, List<String> columns) throws IOException {
        try {
            String text = Files.readString(file);
            return new Csv(file, text.startsWith("\uFEFF") ? text.substring(1) : text).rows(columns);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " isn't text in UTF-8", e);
        }
    }

    private List<Row> rows(List<String> columns) throws IOException {
        List<String> header = List.of();
        var rows = new ArrayList<Row>();
        while (at < text.length()) {
            int number = line;
            var fields = fields();
            if (fields.equals(List.of(""))) {
                continue; // an empty line
            }
            if (header.isEmpty()) {
                header = fields;
                checkHeader(header, columns);
                continue;
            }
            if (fields.size() != header.size()) {
                throw error(number, "has %d values but the header has %d".formatted(fields.size(), header.size()));
            }
            var values = new LinkedHashMap<String, String>();
            for (int i = 0; i < fields.size(); i++) {
                values.put(header.get(i), fields.get(i));
            }
            rows.add(new Row(number, values));
        }
        if (rows.isEmpty()) {
            throw new IOException(file + " must have a header and at least one line after it");
        }
        return rows;
    }

    private void checkHeader(List<String> header, List<String> columns) throws IOException {
        var missing =
                columns.stream().filter(column -> !header.contains(column)).toList();
        if (!missing.isEmpty()) {
            throw new IOException("%s lacks the columns %s: its first line is %s"
                    .formatted(file, String.join(", ", missing), String.join(",", header)));
        }
    }

    /** The values up to the end of the line. */
    private List<String> fields() throws IOException {
        var fields = new ArrayList<String>();
        while (true) {
            fields.add(field().strip());
            if (at == text.length() || text.charAt(at) != ',') {
                endLine();
                return fields;
            }
            at++;
        }
    }

    private String field() throws IOException {
        int start = at;
        if (at == text.length() || text.charAt(at) != '"') {
            while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }
        int number = line;
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                if (at == text.length() || text.charAt(at) != '"') {
                    checkEndOfField(number);
                    return value.toString();
                }
            }
            line += c == '\n' ? 1 : 0;
            value.append(c);
        }
        throw error(number, "has a quote that is never closed");
    }

    private void checkEndOfField(int number) throws IOException {
        if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            throw error(number, "has more after a closing quote: " + text.charAt(at));
        }
    }

    private void endLine() {
        if (text.startsWith("\r\n", at)) {
            at++;
        }
        at++;
        line++;
    }

    private IOException error(int number, String what) {
        return new IOException("line %d of %s %s".formatted(number, file, what));
    }
}
