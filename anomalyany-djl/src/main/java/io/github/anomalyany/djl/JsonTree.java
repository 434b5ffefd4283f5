// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a small JSON file into maps, lists, strings, truth values, nulls and {@link Digits}. */
final class JsonTree {
    private static final int MAX_BYTES = 1_000_000;

    private JsonTree() {}

    /** A number as it is written, since 18-digit integers and 1e999999999 both lose by being parsed too early. */
    record Digits(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Reads a file that holds one object. */
    static Map<String, @Nullable Object> readObject(Path file) {
        return ModelJson.parse(file, MAX_BYTES, JsonTree::object);
    }

    private static Map<String, @Nullable Object> object(JsonReader in) throws IOException {
        var object = new LinkedHashMap<String, @Nullable Object>();
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            object.put(ModelJson.name(in, seen), value(in));
        }
        in.endObject();
        return object;
    }

    private static List<@Nullable Object> array(JsonReader in) throws IOException {
        var array = new ArrayList<@Nullable Object>();
        in.beginArray();
        while (in.hasNext()) {
            array.add(value(in));
        }
        in.endArray();
        return array;
    }

    private static @Nullable Object value(JsonReader in) throws IOException {
        return switch (in.peek()) {
            case BEGIN_OBJECT -> object(in);
            case BEGIN_ARRAY -> array(in);
            case STRING -> in.nextString();
            case NUMBER -> new Digits(in.nextString());
            case BOOLEAN -> in.nextBoolean();
            case NULL -> {
                in.nextNull();
                yield null;
            }
            default -> throw new IOException("a value is wanted at " + in.getPath());
        };
    }
}
