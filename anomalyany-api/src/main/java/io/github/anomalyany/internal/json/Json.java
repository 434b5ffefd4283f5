// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.json;

import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers and booleans as JSON. */
public final class Json {
    private Json() {}

    /**
     * Writes a value.
     *
     * @param value a map, an iterable, a string, a number, a boolean or null
     * @return indented JSON, ASCII only
     */
    public static String write(@Nullable Object value) {
        var out = new StringBuilder();
        append(out, value, 0);
        return out.toString();
    }

    private static void append(StringBuilder out, @Nullable Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            var fields = map.entrySet().iterator();
            appendAll(out, fields, '{', '}', depth, field -> {
                quote(out, String.valueOf(field.getKey()));
                out.append(": ");
                append(out, field.getValue(), depth + 1);
            });
        } else if (value instanceof Iterable<?> items) {
            appendAll(out, items.iterator(), '[', ']', depth, item -> append(out, item, depth + 1));
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Double number && !Double.isFinite(number)) {
            out.append("null");
        } else if (value instanceof Number) {
            out.append(value);
        } else {
            quote(out, value.toString());
        }
    }

    private static <T> void appendAll(
            StringBuilder out,
            Iterator<T> items,
            char open,
            char close,
            int depth,
            java.util.function.Consumer<T> one) {
        out.append(open);
        boolean any = items.hasNext();
        while (items.hasNext()) {
            out.append('\n').append("  ".repeat(depth + 1));
            one.accept(items.next());
            if (items.hasNext()) {
                out.append(',');
            }
        }
        if (any) {
            out.append('\n').append("  ".repeat(depth));
        }
        out.append(close);
    }

    private static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c > 0x7e) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
