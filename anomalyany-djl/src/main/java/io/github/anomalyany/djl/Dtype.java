// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.Arrays;
import java.util.Optional;

/** Number formats of tensors in a safetensors file, under the names that the format gives them. */
public enum Dtype {
    /** Truth values, one byte each. */
    BOOL(1),
    /** Unsigned bytes. */
    U8(1),
    /** Signed bytes. */
    I8(1),
    /** Unsigned 16-bit integers. */
    U16(2),
    /** Signed 16-bit integers. */
    I16(2),
    /** Half precision. */
    F16(2),
    /** The upper half of single precision. */
    BF16(2),
    /** Unsigned 32-bit integers. */
    U32(4),
    /** Signed 32-bit integers. */
    I32(4),
    /** Single precision. */
    F32(4),
    /** Unsigned 64-bit integers. */
    U64(8),
    /** Signed 64-bit integers. */
    I64(8),
    /** Double precision. */
    F64(8);

    private final int itemSize;

    Dtype(int itemSize) {
        this.itemSize = itemSize;
    }

    /**
     * Size of one number.
     *
     * @return bytes
     */
    public int itemSize() {
        return itemSize;
    }

    /**
     * Tells whether networks can have weights of this format.
     *
     * @return true for F32, F16 and BF16
     */
    public boolean isWeight() {
        return this == F32 || this == F16 || this == BF16;
    }

    static Optional<Dtype> named(String name) {
        return Arrays.stream(values())
                .filter(dtype -> dtype.name().equals(name))
                .findFirst();
    }
}
