// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A tensor of a safetensors file: shape, type and values in row-major order. Immutable. */
public final class GoldenTensor {
    private final String dtype;
    private final int[] shape;
    private final ByteBuffer data;

    GoldenTensor(String dtype, int[] shape, ByteBuffer data) {
        this.dtype = dtype;
        this.shape = shape.clone();
        this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        if ((long) size() * bytesPerElement() != data.remaining()) {
            throw new IllegalArgumentException(
                    dtype + Arrays.toString(shape) + " doesn't fit " + data.remaining() + " bytes");
        }
    }

    /** The type as safetensors spells it: F32, F64, F16, BF16, I64, I32, I16, I8, U8, BOOL. */
    public String dtype() {
        return dtype;
    }

    /** Whether the values are integers or booleans. */
    public boolean isIntegral() {
        return !dtype.contains("F");
    }

    /** Extents, outermost first; empty for a scalar. */
    public int[] shape() {
        return shape.clone();
    }

    /** Extent of one dimension; negative counts from the last. */
    public int shape(int dimension) {
        return shape[dimension < 0 ? shape.length + dimension : dimension];
    }

    /** Number of values. */
    public int size() {
        int size = 1;
        for (int extent : shape) {
            size = Math.multiplyExact(size, extent);
        }
        return size;
    }

    /** The value at a position of the row-major order; U8 is unsigned. */
    public double at(int i) {
        return switch (dtype) {
            case "F64" -> data.getDouble(8 * i);
            case "F32" -> data.getFloat(4 * i);
            case "F16" -> half(data.getShort(2 * i));
            case "BF16" -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
            default -> longAt(i);
        };
    }

    /** The only value of a tensor that has one. */
    public double item() {
        if (size() != 1) {
            throw new IllegalStateException("item() of a tensor of shape " + Arrays.toString(shape));
        }
        return at(0);
    }

    /** All values, row-major. */
    public float[] toFloats() {
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) at(i);
        }
        return values;
    }

    /** All values, row-major. */
    public double[] toDoubles() {
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = at(i);
        }
        return values;
    }

    /** All values of an integral tensor, row-major; U8 is unsigned. */
    public long[] toLongs() {
        long[] values = new long[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = longAt(i);
        }
        return values;
    }

    /** All values of an integral tensor, row-major; U8 is unsigned. */
    public int[] toInts() {
        return Arrays.stream(toLongs()).mapToInt(Math::toIntExact).toArray();
    }

    /** The raw bytes of a U8, I8 or BOOL tensor, row-major. */
    public byte[] toBytes() {
        if (bytesPerElement() != 1) {
            throw new IllegalStateException("toBytes() of a tensor of type " + dtype);
        }
        byte[] bytes = new byte[size()];
        data.get(0, bytes);
        return bytes;
    }

    /** The part at one index of the first dimension. */
    public GoldenTensor get(int index) {
        if (shape.length == 0 || index < 0 || index >= shape[0]) {
            throw new IndexOutOfBoundsException(index + " in a tensor of shape " + Arrays.toString(shape));
        }
        int bytes = data.capacity() / shape[0];
        return new GoldenTensor(dtype, Arrays.copyOfRange(shape, 1, shape.length), data.slice(index * bytes, bytes));
    }

    private long longAt(int i) {
        return switch (dtype) {
            case "I64" -> data.getLong(8 * i);
            case "I32" -> data.getInt(4 * i);
            case "I16" -> data.getShort(2 * i);
            case "I8" -> data.get(i);
            case "U8", "BOOL" -> data.get(i) & 0xff;
            default -> throw new IllegalStateException(dtype + " is not an integral type that tests read");
        };
    }

    private int bytesPerElement() {
        return switch (dtype) {
            case "F64", "I64" -> 8;
            case "F32", "I32" -> 4;
            case "F16", "BF16", "I16" -> 2;
            case "U8", "I8", "BOOL" -> 1;
            default -> throw new IllegalArgumentException("type " + dtype + " is not one that tests read");
        };
    }

    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
        };
        return bits < 0 ? -magnitude : magnitude;
    }

    /** Type and shape, as {@code F32[2, 4, 8, 8]}. */
    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
