// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;

/**
 * Owns the tensors of one computation and frees them together. Belongs to one thread.
 */
public final class TensorScope implements AutoCloseable {
    private final Kernels kernels;
    private final PtNDManager manager;

    TensorScope(Kernels kernels, PtNDManager manager) {
        this.kernels = kernels;
        this.manager = manager;
    }

    /**
     * Copies numbers into a tensor.
     *
     * @param data numbers, last axis fastest
     * @param shape their shape
     * @return a tensor of this scope
     */
    public PtNDArray tensor(float[] data, long... shape) {
        // The clone belongs to PyTorch; what DJL creates points into Java's memory, which a gradient must not depend
        // on.
        try (PtNDArray borrowed = (PtNDArray) manager.create(data, new Shape(shape))) {
            return call("own", borrowed);
        }
    }

    /**
     * Copies whole numbers into a tensor.
     *
     * @param data numbers, last axis fastest
     * @param shape their shape
     * @return a tensor of this scope
     */
    public PtNDArray tensor(long[] data, long... shape) {
        try (PtNDArray borrowed = (PtNDArray) manager.create(data, new Shape(shape))) {
            return call("own", borrowed);
        }
    }

    /**
     * Makes a tensor of numbers that lie in native memory; on the CPU it is a view of them.
     *
     * @param data direct, little-endian; must stay reachable as long as the tensor and must not change
     * @param half whether the numbers have half precision, otherwise single
     * @param shape their shape
     * @return a tensor of this scope
     */
    public PtNDArray over(ByteBuffer data, boolean half, long... shape) {
        var type = half ? DataType.FLOAT16 : DataType.FLOAT32;
        return JniUtils.createNdFromByteBuffer(
                manager, data, new Shape(shape), type, SparseFormat.DENSE, manager.getDevice());
    }

    /**
     * Calls a kernel without recording it.
     *
     * @param kernel name of a method with one result
     * @param arguments tensors, {@link BlockWeights}, whole numbers, doubles and booleans
     * @return a tensor of this scope
     */
    public PtNDArray call(String kernel, Object... arguments) {
        return kernels.one(manager, false, kernel, arguments);
    }

    /**
     * Starts a computation.
     *
     * @param memory what to keep for gradients
     * @return an empty tape
     */
    public Tape tape(Tape.Memory memory) {
        return new Tape(kernels, manager, memory);
    }

    /** Frees the tensors. */
    @Override
    public void close() {
        manager.close();
    }
}
