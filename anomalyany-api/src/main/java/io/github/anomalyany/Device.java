// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/**
 * Where a model runs. A value; safe to share between threads.
 *
 * <p>{@link #auto()} takes the first CUDA device if the engine has one and the CPU otherwise, and the provenance of each
 * result says which it was. Asking for a CUDA device that isn't there is an {@link EngineUnavailableException}: nothing
 * falls back silently.
 */
public final class Device {
    private enum Kind {
        AUTO,
        CPU,
        CUDA
    }

    private static final Device AUTOMATIC = new Device(Kind.AUTO, -1);
    private static final Device PROCESSOR = new Device(Kind.CPU, -1);

    private final Kind kind;
    private final int index;

    private Device(Kind kind, int index) {
        this.kind = kind;
        this.index = index;
    }

    /**
     * The best device there is.
     *
     * @return the automatic choice
     */
    public static Device auto() {
        return AUTOMATIC;
    }

    /**
     * The processor.
     *
     * @return the CPU
     */
    public static Device cpu() {
        return PROCESSOR;
    }

    /**
     * A CUDA device.
     *
     * @param index its number, from 0
     * @return the device
     * @throws IllegalArgumentException if {@code index} is negative
     */
    public static Device cuda(int index) {
        if (index < 0) {
            throw new IllegalArgumentException("index must be 0 or more but was " + index);
        }
        return new Device(Kind.CUDA, index);
    }

    /**
     * Whether the choice is left to the engine.
     *
     * @return true for {@link #auto()}
     */
    public boolean isAuto() {
        return kind == Kind.AUTO;
    }

    /**
     * Whether this is a CUDA device.
     *
     * @return true for {@link #cuda}
     */
    public boolean isCuda() {
        return kind == Kind.CUDA;
    }

    /**
     * The number of the CUDA device.
     *
     * @return its number from 0, or -1 for the other kinds
     */
    public int index() {
        return index;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Device that && kind == that.kind && index == that.index;
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + index;
    }

    /** {@code auto}, {@code cpu} or {@code cuda(0)}. */
    @Override
    public String toString() {
        return switch (kind) {
            case AUTO -> "auto";
            case CPU -> "cpu";
            case CUDA -> "cuda(" + index + ")";
        };
    }
}
