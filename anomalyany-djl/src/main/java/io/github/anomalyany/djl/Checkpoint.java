// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.function.Supplier;

/**
 * Asks between any two kernels of a thread whether to go on, so that a run can end within a pass and not only after it. What the
 * question throws ends the pass, whose scope frees its tensors.
 */
public final class Checkpoint {
    private static final ThreadLocal<Runnable> QUESTION = ThreadLocal.withInitial(() -> () -> {});

    private Checkpoint() {}

    /**
     * Asks a question before every kernel that a body calls on this thread.
     *
     * @param question throws to end the body
     * @param body runs networks
     * @param <T> of the result
     * @return what the body returns
     */
    public static <T> T during(Runnable question, Supplier<T> body) {
        Runnable before = QUESTION.get();
        QUESTION.set(question);
        try {
            return body.get();
        } finally {
            QUESTION.set(before);
        }
    }

    /** Asks. */
    static void ask() {
        QUESTION.get().run();
    }
}
