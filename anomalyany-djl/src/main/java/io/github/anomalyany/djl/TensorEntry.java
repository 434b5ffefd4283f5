// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** One tensor of an open safetensors file: where it is, and its data as a memory map. Safe for use by many threads. */
public final class TensorEntry {
    private final Path file;
    private final FileChannel channel;
    private final String name;
    private final Dtype dtype;
    private final long[] shape;
    private final long offset;
    private final long byteLength;
    private final boolean transposed;

    TensorEntry(Path file, FileChannel channel, String name, Dtype dtype, long[] shape, long offset, long byteLength) {
        this(file, channel, name, dtype, shape, offset, byteLength, false);
    }

    private TensorEntry(
            Path file,
            FileChannel channel,
            String name,
            Dtype dtype,
            long[] shape,
            long offset,
            long byteLength,
            boolean transposed) {
        this.file = file;
        this.channel = channel;
        this.name = name;
        this.dtype = dtype;
        this.shape = shape;
        this.offset = offset;
        this.byteLength = byteLength;
        this.transposed = transposed;
    }

    /** One of several equal parts of this tensor along its first axis, which must divide. */
    TensorEntry part(int index, int parts) {
        long[] partShape = shape.clone();
        partShape[0] /= parts;
        long length = byteLength / parts;
        return new TensorEntry(file, channel, name, dtype, partShape, offset + index * length, length, transposed);
    }

    /** The same matrix with its axes exchanged; {@link #map()} still gives the stored order. */
    TensorEntry transpose() {
        return new TensorEntry(
                file, channel, name, dtype, new long[] {shape[1], shape[0]}, offset, byteLength, !transposed);
    }

    /** Whether the stored order has the axes of {@link #shape()} exchanged. */
    boolean isTransposed() {
        return transposed;
    }

    /**
     * The file that holds the tensor.
     *
     * @return its path
     */
    public Path file() {
        return file;
    }

    /**
     * The name of the tensor in the file, before any renaming.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The number format.
     *
     * @return the format
     */
    public Dtype dtype() {
        return dtype;
    }

    /**
     * The shape, outermost dimension first; empty for a single number.
     *
     * @return a copy
     */
    public long[] shape() {
        return shape.clone();
    }

    /**
     * Where the data begins.
     *
     * @return bytes from the start of the file
     */
    public long offset() {
        return offset;
    }

    /**
     * Length of the data.
     *
     * @return bytes, equal to the product of the shape and the item size
     */
    public long byteLength() {
        return byteLength;
    }

    /**
     * Tells whether the data begins at a multiple of the item size, as every recent writer sees to.
     *
     * @return false where native code that wants aligned numbers needs a copy
     */
    public boolean isAligned() {
        return offset % dtype.itemSize() == 0;
    }

    /**
     * Maps the data into memory, read-only and little-endian. The map outlives the file's channel. Native code must
     * never write to it.
     *
     * @return a buffer that holds this tensor alone, from position 0
     * @throws ModelLoadException if the tensor exceeds 2 GiB or the file can't be mapped
     * @throws IllegalStateException if the file is closed
     */
    public MappedByteBuffer map() {
        if (byteLength > Integer.MAX_VALUE) {
            throw new ModelLoadException(
                    file, name, "has " + byteLength + " bytes, more than the limit of 2 GiB for one tensor", null);
        }
        if (!channel.isOpen()) {
            throw new IllegalStateException(file + " is closed");
        }
        try {
            var data = channel.map(FileChannel.MapMode.READ_ONLY, offset, byteLength);
            data.order(ByteOrder.LITTLE_ENDIAN);
            return data;
        } catch (IOException e) {
            throw new ModelLoadException(file, name, "can't be mapped into memory: " + e, e);
        }
    }

    @Override
    public String toString() {
        return name + " " + dtype + Arrays.toString(shape);
    }
}
