// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TensorEntry;
import java.nio.ByteBuffer;

/** Reads stored tensors into arrays. */
public final class TensorFloats {
    private TensorFloats() {}

    /**
     * Reads a tensor of single or half precision.
     *
     * @param entry the tensor
     * @return its numbers, last axis fastest
     * @throws ModelLoadException if it has another format
     */
    public static float[] read(TensorEntry entry) {
        ByteBuffer data = entry.map();
        if (entry.dtype() == Dtype.F32) {
            float[] numbers = new float[data.remaining() / 4];
            data.asFloatBuffer().get(numbers);
            return numbers;
        }
        if (entry.dtype() == Dtype.F16) {
            float[] numbers = new float[data.remaining() / 2];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = HalfFloats.widen(data.getShort(2 * i));
            }
            return numbers;
        }
        throw new ModelLoadException(
                entry.file(), entry.name(), "has the dtype " + entry.dtype() + " but F32 or F16 is wanted", null);
    }
}
