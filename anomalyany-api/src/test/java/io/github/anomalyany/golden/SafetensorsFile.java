// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** All tensors of a safetensors file, read into memory. Written apart from the runtime's reader, so that one checks the other. */
public final class SafetensorsFile {
    private final Path path;
    private final SortedMap<String, GoldenTensor> tensors = new TreeMap<>();
    private final Map<String, Object> metadata;

    private SafetensorsFile(Path path, byte[] bytes) {
        this.path = path;
        int headerLength = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        var header = JsonReader.object(new String(bytes, 8, headerLength, StandardCharsets.UTF_8));
        Object about = header.remove("__metadata__");
        metadata = about == null ? Map.of() : JsonReader.asObject(about);
        header.forEach((name, entry) -> {
            var fields = JsonReader.asObject(entry);
            int[] range = JsonReader.asInts(fields.get("data_offsets"));
            var data = ByteBuffer.wrap(bytes, 8 + headerLength + range[0], range[1] - range[0]);
            String dtype = String.valueOf(fields.get("dtype"));
            tensors.put(name, new GoldenTensor(dtype, JsonReader.asInts(fields.get("shape")), data));
        });
    }

    /** Reads a file. */
    public static SafetensorsFile read(Path path) {
        try {
            return new SafetensorsFile(path, Files.readAllBytes(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all tensors. */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(tensors.keySet()));
    }

    /** A tensor by name. */
    public GoldenTensor tensor(String name) {
        GoldenTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(path + " has no tensor " + name + " but " + tensors.keySet());
        }
        return tensor;
    }

    /** An entry of the header's metadata, or an empty string. */
    public String metadata(String key) {
        return String.valueOf(metadata.getOrDefault(key, ""));
    }
}
