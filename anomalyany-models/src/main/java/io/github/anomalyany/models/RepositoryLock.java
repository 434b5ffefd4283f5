// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Lets one thread of one process at a time download a repository. Given back when the process ends, however it ends. */
final class RepositoryLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();
    private static final long RETRY_MILLIS = 20;

    private final ReentrantLock inThisJvm;
    private final FileChannel channel;

    private RepositoryLock(ReentrantLock inThisJvm, FileChannel channel) {
        this.inThisJvm = inThisJvm;
        this.channel = channel;
    }

    /**
     * Waits until nobody else has it.
     *
     * @param file the file to lock; created if need be
     * @param waiting hears of it if another has the lock
     */
    static RepositoryLock take(Path file, Consumer<Path> waiting) throws IOException, InterruptedException {
        var inThisJvm = IN_THIS_JVM.computeIfAbsent(file, any -> new ReentrantLock());
        if (!inThisJvm.tryLock()) {
            waiting.accept(file);
            inThisJvm.lockInterruptibly();
        }
        try {
            return new RepositoryLock(inThisJvm, lock(file, waiting));
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            inThisJvm.unlock();
            throw e;
        }
    }

    private static FileChannel lock(Path file, Consumer<Path> waiting) throws IOException, InterruptedException {
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            boolean told = false;
            while (!tryLock(channel)) {
                if (!told) {
                    waiting.accept(file);
                    told = true;
                }
                Thread.sleep(RETRY_MILLIS);
            }
            return channel;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // This class was loaded twice in this JVM, and the other one holds the lock.
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            inThisJvm.unlock();
        }
    }
}
