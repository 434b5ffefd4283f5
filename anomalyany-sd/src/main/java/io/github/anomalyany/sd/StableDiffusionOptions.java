// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.spi.EngineOptions;
import java.util.Objects;

/**
 * What only this engine knows: how a run uses memory. None of it changes a gradient or, but for rounding in batches, a
 * picture. Immutable.
 *
 * @param batchSize samples of one request that go through the network together, 1 to 64, default 1; more is faster on
 *     GPUs, equal on CPUs, and needs more memory
 * @param memory what is kept for gradients, default {@link Memory#FAST}
 */
public record StableDiffusionOptions(int batchSize, Memory memory) implements EngineOptions {
    /** What is kept for gradients. */
    public enum Memory {
        /** All intermediate results. */
        FAST,
        /** Each block's inputs; blocks run again for their gradient, which takes about half as long again. */
        SMALL
    }

    /**
     * Checks the values.
     *
     * @param batchSize samples of one request that go through the network together, 1 to 64
     * @param memory what is kept for gradients
     */
    public StableDiffusionOptions {
        if (batchSize < 1 || batchSize > 64) {
            throw new IllegalArgumentException("batchSize must be in [1, 64] but was " + batchSize);
        }
        Objects.requireNonNull(memory, "memory");
    }

    /**
     * One sample at a time, all intermediate results kept.
     *
     * @return the defaults
     */
    public static StableDiffusionOptions defaults() {
        return new StableDiffusionOptions(1, Memory.FAST);
    }

    /**
     * The tape's name for {@link #memory}.
     *
     * @return what the tape keeps
     */
    public Tape.Memory tapeMemory() {
        return memory == Memory.FAST ? Tape.Memory.ALL : Tape.Memory.BLOCK_INPUTS;
    }
}
