// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.common.io.ByteStreams;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of a safetensors file: eight bytes of length, then a JSON object that gives each tensor its number format,
 * shape and place. As in the format's reference reader the tensors must fill the rest of the file without gap or
 * overlap.
 */
final class SafetensorsHeader {
    private static final int LENGTH_BYTES = 8;
    private static final long MAX_BYTES = 100_000_000;
    private static final int MAX_TENSORS = 100_000;
    private static final int MAX_RANK = 16;
    private static final String METADATA = "__metadata__";

    private final Path file;
    private final FileChannel channel;
    private final long dataStart;
    private final long dataLength;
    private final Map<String, TensorEntry> entries = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsHeader(Path file, FileChannel channel, long dataStart, long dataLength) {
        this.file = file;
        this.channel = channel;
        this.dataStart = dataStart;
        this.dataLength = dataLength;
    }

    /** Reads and checks the header of a file that has just been opened. */
    static SafetensorsHeader read(Path file, FileChannel channel) throws IOException {
        long size = channel.size();
        long length = headerLength(file, channel, size);
        var header = new SafetensorsHeader(file, channel, LENGTH_BYTES + length, size - LENGTH_BYTES - length);
        var json = ByteStreams.limit(Channels.newInputStream(channel.position(LENGTH_BYTES)), length);
        ModelJson.parse(file, json, in -> {
            header.readTensors(in);
            return header;
        });
        header.checkLayout();
        return header;
    }

    Map<String, TensorEntry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    private static long headerLength(Path file, FileChannel channel, long size) throws IOException {
        var bytes = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        if (bytes.hasRemaining()) {
            throw new ModelLoadException(file, "has " + size + " bytes, too short for a safetensors file");
        }
        long length = bytes.flip().getLong();
        long limit = Math.min(MAX_BYTES, size - LENGTH_BYTES);
        if (length < 2 || length > limit) {
            throw new ModelLoadException(
                    file,
                    "claims a header of " + Long.toUnsignedString(length) + " bytes; it must be in [2, " + limit
                            + "]. The file is truncated or no safetensors file");
        }
        return length;
    }

    private void readTensors(JsonReader in) throws IOException {
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            String name = ModelJson.name(in, seen);
            if (name.equals(METADATA)) {
                readMetadata(in);
                continue;
            }
            if (entries.size() == MAX_TENSORS) {
                throw new ModelLoadException(file, "has more than " + MAX_TENSORS + " tensors");
            }
            entries.put(name, readTensor(in, name));
        }
        in.endObject();
    }

    private void readMetadata(JsonReader in) throws IOException {
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            String key = ModelJson.name(in, seen);
            if (in.peek() == JsonToken.STRING) {
                metadata.put(key, ModelJson.text(in));
            } else {
                in.skipValue();
            }
        }
        in.endObject();
    }

    private TensorEntry readTensor(JsonReader in, String name) throws IOException {
        @Nullable String dtype = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            String key = ModelJson.name(in, seen);
            switch (key) {
                case "dtype" -> dtype = ModelJson.text(in);
                case "shape" -> shape = numbers(in, name);
                case "data_offsets" -> offsets = numbers(in, name);
                default -> throw bad(name, "has the unknown header field \"" + ModelJson.shown(key) + '"');
            }
        }
        in.endObject();
        if (dtype == null || shape == null || offsets == null) {
            throw bad(name, "lacks dtype, shape or data_offsets");
        }
        return entry(name, dtype, shape, offsets);
    }

    private long[] numbers(JsonReader in, String name) throws IOException {
        var numbers = new long[MAX_RANK];
        int count = 0;
        in.beginArray();
        while (in.hasNext() && in.peek() != JsonToken.END_ARRAY) {
            if (count == MAX_RANK) {
                throw bad(name, "has a list of more than " + MAX_RANK + " numbers");
            }
            numbers[count++] = ModelJson.count(in);
        }
        in.endArray();
        return Arrays.copyOf(numbers, count);
    }

    private TensorEntry entry(String name, String dtypeName, long[] shape, long[] offsets) {
        Dtype dtype = Dtype.named(dtypeName)
                .orElseThrow(() -> bad(
                        name,
                        "has the unsupported dtype " + ModelJson.shown(dtypeName) + "; supported are "
                                + Arrays.toString(Dtype.values())));
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw bad(name, "has data_offsets " + Arrays.toString(offsets) + " that are no [begin, end]");
        }
        if (offsets[1] > dataLength) {
            throw bad(
                    name,
                    "ends at byte " + offsets[1] + " of the data but the file holds " + dataLength
                            + ": it is truncated, fetch it again");
        }
        long wanted = dtype.itemSize();
        try {
            for (long side : shape) {
                wanted = Math.multiplyExact(wanted, side);
            }
        } catch (ArithmeticException e) {
            throw new ModelLoadException(file, name, "has an impossible shape " + Arrays.toString(shape), e);
        }
        long length = offsets[1] - offsets[0];
        if (length != wanted) {
            throw bad(
                    name,
                    "has " + length + " bytes but " + dtype + Arrays.toString(shape) + " takes " + wanted + " bytes");
        }
        return new TensorEntry(file, channel, name, dtype, shape, dataStart + offsets[0], length);
    }

    /** The tensors, in the order of their data, must follow each other from the header to the end of the file. */
    private void checkLayout() {
        var byPlace = new ArrayList<>(entries.values());
        byPlace.sort(Comparator.comparingLong(TensorEntry::offset).thenComparingLong(TensorEntry::byteLength));
        long end = dataStart;
        for (var entry : byPlace) {
            if (entry.offset() != end) {
                String fault = entry.offset() < end ? "overlaps the tensor before it" : "leaves a gap before it";
                throw bad(entry.name(), fault + ": its data begins at " + entry.offset() + ", not at " + end);
            }
            end += entry.byteLength();
        }
        if (end != dataStart + dataLength) {
            throw new ModelLoadException(
                    file, "has " + (dataStart + dataLength) + " bytes but its tensors end at " + end);
        }
    }

    private ModelLoadException bad(String name, String problem) {
        return new ModelLoadException(file, ModelJson.shown(name), problem, null);
    }
}
