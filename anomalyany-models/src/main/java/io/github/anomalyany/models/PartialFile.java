// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** What has arrived of a file, and the hash of that. Outlives the process, so that the next one goes on from its end. */
final class PartialFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final HubFile file;
    private final FileChannel channel;
    private MessageDigest digest;
    private long size;

    /**
     * Opens or creates it, and reads what is there.
     *
     * @param file what it will be
     * @param path where it is
     */
    PartialFile(HubFile file, Path path) throws IOException {
        this.file = file;
        digest = file.hash().start(file.size());
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() > file.size()) {
                channel.truncate(0);
            }
            var buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                size += buffer.position();
                digest.update(buffer.flip());
                buffer.clear();
            }
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    long size() {
        return size;
    }

    long missing() {
        return file.size() - size;
    }

    void append(ByteBuffer bytes) throws IOException {
        digest.update(bytes.duplicate());
        while (bytes.hasRemaining()) {
            size += channel.write(bytes);
        }
    }

    void restart() throws IOException {
        channel.truncate(0);
        digest = file.hash().start(file.size());
        size = 0;
    }

    /** Ends the writing and tells the hash; after a power failure, too, the bytes are those that it is of. */
    String finish() throws IOException {
        channel.force(false);
        return BlobHash.hex(digest);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
