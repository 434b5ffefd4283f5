// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import ai.djl.pytorch.jni.IValue;
import org.jspecify.annotations.Nullable;

/** The weights of one block in the order in which its kernel takes them; empty where an architecture is only described. */
public final class BlockWeights {
    private final @Nullable IValue list;

    BlockWeights(@Nullable IValue list) {
        this.list = list;
    }

    IValue list() {
        if (list == null) {
            throw new IllegalStateException("this network was described, not loaded");
        }
        return list;
    }

    void close() {
        if (list != null) {
            list.close();
        }
    }
}
