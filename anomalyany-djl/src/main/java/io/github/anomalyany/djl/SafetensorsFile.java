// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An open safetensors file. Opening reads and checks the header alone; data is mapped tensor by tensor, so a file of
 * any size costs no memory until its numbers are touched. Safe for use by many threads.
 */
public final class SafetensorsFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final Map<String, TensorEntry> entries;
    private final Map<String, String> metadata;

    private SafetensorsFile(Path path, FileChannel channel, SafetensorsHeader header) {
        this.path = path;
        this.channel = channel;
        this.entries = header.entries();
        this.metadata = header.metadata();
    }

    /**
     * Opens a file and checks its header against the file's size.
     *
     * @param path the file
     * @return the open file, which the caller closes
     * @throws ModelLoadException if the file can't be read or breaks any rule of the format
     */
    public static SafetensorsFile open(Path path) {
        ModelJson.requireRegular(path);
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException e) {
            throw ModelJson.unreadable(path, e);
        }
        try {
            return new SafetensorsFile(path, channel, SafetensorsHeader.read(path, channel));
        } catch (IOException e) {
            close(path, channel);
            throw ModelJson.unreadable(path, e);
        } catch (RuntimeException | Error e) {
            close(path, channel);
            throw e;
        }
    }

    /**
     * The file.
     *
     * @return its path
     */
    public Path path() {
        return path;
    }

    /**
     * The tensors.
     *
     * @return an immutable map from names, in the order of the header
     */
    public Map<String, TensorEntry> entries() {
        return entries;
    }

    /**
     * What the writer noted.
     *
     * @return an immutable map, empty where the file has no notes
     */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Finds a tensor.
     *
     * @param name its name
     * @return the tensor
     * @throws ModelLoadException if there is none of that name
     */
    public TensorEntry get(String name) {
        @Nullable TensorEntry entry = entries.get(Objects.requireNonNull(name, "name"));
        if (entry == null) {
            throw new ModelLoadException(path, ModelJson.shown(name), "is missing", null);
        }
        return entry;
    }

    /** Closes the file; maps made from it stay valid. Closing twice does nothing. */
    @Override
    public void close() {
        close(path, channel);
    }

    private static void close(Path path, FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw ModelJson.unreadable(path, e);
        }
    }
}
