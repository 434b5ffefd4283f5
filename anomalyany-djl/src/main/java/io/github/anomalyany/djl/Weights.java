// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.JniUtils;
import io.github.anomalyany.ModelLoadException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A network's weights on a device, in single precision. On the CPU a file's F32 tensors are used where they lie, through a
 * memory map: nothing is read before it is needed, and several processes share the pages. Other formats are widened once.
 */
public final class Weights extends Parameters implements AutoCloseable {
    private final Kernels kernels;
    private final PtNDManager manager;
    private final TensorIndex index;
    private final List<BlockWeights> blocks = new ArrayList<>();
    /** Tensors that lie in maps must not outlive them. */
    private final List<ByteBuffer> maps = new ArrayList<>();

    /**
     * Opens weights whose names and shapes were checked.
     *
     * @param runtime where to put them
     * @param index the tensors; used while the network is built, not afterwards
     */
    public Weights(TensorRuntime runtime, TensorIndex index) {
        this.kernels = runtime.kernels();
        this.manager = (PtNDManager) runtime.manager().newSubManager();
        this.index = index;
    }

    @Override
    protected BlockWeights block(List<String> names, List<long[]> shapes) {
        var tensors = new PtNDArray[names.size()];
        for (int i = 0; i < tensors.length; i++) {
            TensorEntry entry = index.get(names.get(i));
            tensors[i] = entry.isTransposed() ? loadTransposed(entry) : load(entry, new Shape(shapes.get(i)));
        }
        var block = new BlockWeights(IValue.listFrom(tensors));
        blocks.add(block);
        return block;
    }

    private PtNDArray loadTransposed(TensorEntry entry) {
        long[] stored = entry.transpose().shape();
        try (PtNDArray matrix = load(entry, new Shape(stored))) {
            return kernels.one(manager, false, "transposed", matrix);
        }
    }

    private PtNDArray load(TensorEntry entry, Shape shape) {
        return switch (entry.dtype()) {
            case F32 -> {
                if (manager.getDevice().isGpu() || !entry.isAligned()) {
                    yield converted("own", entry, shape, DataType.FLOAT32);
                }
                MappedByteBuffer map = entry.map();
                maps.add(map);
                yield create(map, shape, DataType.FLOAT32);
            }
            case F16 -> converted("widen", entry, shape, DataType.FLOAT16);
            // DJL has no name for bfloat16; the bits pass through as those of the other 16-bit format.
            case BF16 -> converted("widen_bfloat16", entry, shape, DataType.FLOAT16);
            default ->
                throw new ModelLoadException(
                        entry.file(),
                        entry.name(),
                        "has the dtype " + entry.dtype() + " but weights are F32, F16 or BF16",
                        null);
        };
    }

    private PtNDArray converted(String kernel, TensorEntry entry, Shape shape, DataType type) {
        ByteBuffer map = entry.map();
        try (PtNDArray stored = create(map, shape, type)) {
            return kernels.one(manager, false, kernel, stored);
        } finally {
            Pages.release(map); // read once, never again
        }
    }

    private PtNDArray create(ByteBuffer data, Shape shape, DataType type) {
        return JniUtils.createNdFromByteBuffer(manager, data, shape, type, SparseFormat.DENSE, manager.getDevice());
    }

    /** Gives memory back until the weights are used again, where they lie in a map. */
    void release() {
        maps.forEach(Pages::release);
    }

    /** Frees the weights. The network that was built from them can't be used any more. */
    @Override
    public void close() {
        blocks.forEach(BlockWeights::close);
        manager.close();
        maps.clear();
    }
}
