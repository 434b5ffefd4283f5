// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** Lets passes through the networks in until it is closed, and lets the model be freed only when none is inside. Any thread. */
public final class Gate {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean closed;
    private final String owner;
    private boolean freed;

    /**
     * Opens a gate.
     *
     * @param owner what is closed, for messages, as {@code "generator"}
     */
    public Gate(String owner) {
        this.owner = owner;
    }

    /**
     * Runs a pass.
     *
     * @param body uses the model
     * @param <T> of the result
     * @return what the body returns
     * @throws IllegalStateException if the gate is closed
     */
    public <T> T pass(Supplier<T> body) {
        lock.readLock().lock();
        try {
            checkOpen();
            return body.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Whether the gate is closed.
     *
     * @return true once {@link #close} was called
     */
    public boolean isClosed() {
        return closed;
    }

    /**
     * Checks before anything is done.
     *
     * @throws IllegalStateException if the gate is closed
     */
    public void checkOpen() {
        if (closed) {
            throw new IllegalStateException(owner + " is closed");
        }
    }

    /**
     * Turns further passes away, waits for those inside, then frees; does nothing the second time.
     *
     * @param free frees the model
     */
    public void close(Runnable free) {
        closed = true;
        lock.writeLock().lock();
        try {
            if (!freed) {
                freed = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
