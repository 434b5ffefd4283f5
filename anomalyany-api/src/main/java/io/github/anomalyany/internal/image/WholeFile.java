// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that are there completely or not at all. */
public final class WholeFile {
    private WholeFile() {}

    /** Writes a file's content. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes all of it.
         *
         * @param channel an empty file
         * @throws IOException if it can't be written
         */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file under a temporary name beside it and then moves it into its place. A file of that name is replaced.
     *
     * @param file where to; its folder must exist
     * @param content all bytes
     * @throws IOException if it can't be written; nothing is left behind then
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, channel -> {
            var bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Writes a file under a temporary name beside it and then moves it into its place. A file of that name is replaced.
     *
     * @param file where to; its folder must exist
     * @param content writes it
     * @throws IOException if it can't be written; nothing is left behind then
     */
    public static void write(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new IOException("can't write " + file + ": there is no folder " + folder);
        }
        if (Files.isDirectory(target)) {
            throw new IOException("can't write " + file + ": it is a folder");
        }
        Path temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
            }
            move(temporary, target);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
