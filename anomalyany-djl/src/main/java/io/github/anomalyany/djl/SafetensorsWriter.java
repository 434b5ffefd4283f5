// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.anomalyany.internal.image.WholeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes safetensors files that are there completely or not at all. Equal content gives equal bytes. Belongs to one thread. */
public final class SafetensorsWriter {
    @SuppressWarnings("ArrayRecordComponent") // private, never compared
    private record Stored(Dtype dtype, long[] shape, ByteBuffer data) {}

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final Map<String, Stored> tensors = new LinkedHashMap<>();

    /** Creates a writer of an empty file. */
    public SafetensorsWriter() {}

    /**
     * Adds a note.
     *
     * @param key its name
     * @param value text
     * @return this writer
     */
    public SafetensorsWriter note(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor of single precision.
     *
     * @param name its name
     * @param data numbers, last axis fastest
     * @param shape their shape
     * @return this writer
     */
    public SafetensorsWriter tensor(String name, float[] data, long... shape) {
        var bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(data);
        return tensor(name, Dtype.F32, bytes, shape);
    }

    /**
     * Adds a tensor.
     *
     * @param name its name
     * @param dtype number format of the data
     * @param data little-endian bytes from position 0 to the capacity
     * @param shape its shape
     * @return this writer
     * @throws IllegalArgumentException if the bytes don't fill the shape
     */
    public SafetensorsWriter tensor(String name, Dtype dtype, ByteBuffer data, long... shape) {
        long wanted = dtype.itemSize();
        for (long side : shape) {
            wanted *= side;
        }
        if (wanted != data.capacity()) {
            throw new IllegalArgumentException(
                    "%s must have %d bytes but had %d".formatted(name, wanted, data.capacity()));
        }
        tensors.put(name, new Stored(dtype, shape.clone(), data));
        return this;
    }

    /**
     * Writes the file under a temporary name beside it and then moves it into its place.
     *
     * @param file where to; its folder must exist; replaced if it exists
     * @throws IOException if it can't be written; nothing is left behind then
     */
    public void write(Path file) throws IOException {
        WholeFile.write(file, this::writeTo);
    }

    private void writeTo(FileChannel channel) throws IOException {
        byte[] header = header();
        writeAll(
                channel,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .flip());
        writeAll(channel, ByteBuffer.wrap(header));
        for (var tensor : tensors.values()) {
            writeAll(channel, tensor.data.duplicate().clear());
        }
    }

    /** Padded with spaces, so that the data begins at a multiple of 8. */
    private byte[] header() {
        var json = new JsonObject();
        if (!metadata.isEmpty()) {
            var notes = new JsonObject();
            metadata.forEach(notes::addProperty);
            json.add("__metadata__", notes);
        }
        long offset = 0;
        for (var tensor : tensors.entrySet()) {
            var entry = new JsonObject();
            entry.addProperty("dtype", tensor.getValue().dtype.name());
            var shape = new JsonArray();
            for (long side : tensor.getValue().shape) {
                shape.add(side);
            }
            entry.add("shape", shape);
            var offsets = new JsonArray();
            offsets.add(offset);
            offset += tensor.getValue().data.capacity();
            offsets.add(offset);
            entry.add("data_offsets", offsets);
            json.add(tensor.getKey(), entry);
        }
        byte[] text = json.toString().getBytes(StandardCharsets.UTF_8);
        var padded = new byte[(text.length + 7) / 8 * 8];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(text, 0, padded, 0, text.length);
        return padded;
    }

    private static void writeAll(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }
}
