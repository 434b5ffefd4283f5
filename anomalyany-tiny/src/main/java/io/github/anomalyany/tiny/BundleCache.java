// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's files on disk. The first call in a JVM compares every file's SHA-256, later ones size and time of change.
 *
 * <p>Every file appears under its name by an atomic move and only once its hash was found right. So whatever a killed
 * unpack leaves, files with the right hash are whole, and the rest is unpacked again. The lock between processes saves
 * them from doing the same work at once.
 */
final class BundleCache {
    private static final Object IN_THIS_JVM = new Object();
    private static final Map<Path, List<Stamp>> CHECKED = new HashMap<>();
    private static final long LOCK_RETRY_MILLIS = 20;

    private final Bundle bundle;
    private final Path directory;

    BundleCache(Bundle bundle, Path cache) {
        this.bundle = bundle;
        this.directory = cache.toAbsolutePath().normalize().resolve("tiny").resolve(bundle.id());
    }

    /** The folder with every file of the model in it, as it must be. */
    Path directory() {
        synchronized (IN_THIS_JVM) {
            var stamps = stamps();
            if (stamps.equals(CHECKED.get(directory))) {
                return directory;
            }
            try {
                if (!damaged().isEmpty()) {
                    repair();
                    stamps = stamps();
                }
            } catch (IOException e) {
                var problem = "the built-in model can't be unpacked here (%s); name a folder that can be written with"
                        + " -D%s=FOLDER, the environment variable %s or TinyModels.directory(Path)";
                throw new ModelLoadException(
                        directory, null, problem.formatted(e, CacheLocation.PROPERTY, CacheLocation.VARIABLE), e);
            }
            CHECKED.put(directory, stamps);
            return directory;
        }
    }

    private void repair() throws IOException {
        var parent = directory.resolveSibling("");
        // Not createDirectories alone: it refuses a link to a folder.
        if (!Files.isDirectory(parent)) {
            Files.createDirectories(parent);
        }
        var parts = directory.resolveSibling(bundle.id() + ".part");
        var lockFile = directory.resolveSibling(bundle.id() + ".lock");
        try (var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lock(channel);
            // Nobody else is here, so what lies there was left by a process that was killed.
            deleteFolder(parts);
            Files.createDirectory(parts);
            try {
                // Asked again: another process may have repaired while this one waited.
                for (var entry : damaged()) {
                    unpack(entry, parts.resolve("file"));
                }
            } finally {
                deleteFolder(parts);
            }
        }
    }

    private void unpack(Bundle.Entry entry, Path part) throws IOException {
        var file = directory.resolve(entry.path());
        var digest = Bundle.sha256();
        try (var in = bundle.source().open(entry.path())) {
            if (in == null) {
                throw new ModelLoadException(file, "not on the class path; the jar anomalyany-tiny is incomplete");
            }
            Files.copy(new DigestInputStream(in, digest), part);
        }
        var hash = Bundle.hex(digest.digest());
        if (!hash.equals(entry.sha256())) {
            throw new ModelLoadException(
                    file,
                    "on the class path it has SHA-256 %s but must have %s; the jar anomalyany-tiny is damaged"
                            .formatted(hash, entry.sha256()));
        }
        Files.createDirectories(file.resolveSibling(""));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private List<Bundle.Entry> damaged() {
        return bundle.entries().stream().filter(entry -> !isWhole(entry)).toList();
    }

    private boolean isWhole(Bundle.Entry entry) {
        var file = directory.resolve(entry.path());
        if (stamp(file).size() != entry.size()) {
            return false;
        }
        var digest = Bundle.sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Whatever can't be read is replaced; where that fails too, that failure is reported.
            return false;
        }
        return Bundle.hex(digest.digest()).equals(entry.sha256());
    }

    private List<Stamp> stamps() {
        return bundle.entries().stream()
                .map(entry -> stamp(directory.resolve(entry.path())))
                .toList();
    }

    private static Stamp stamp(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? new Stamp(attributes.size(), attributes.lastModifiedTime())
                    : Stamp.NO_FILE;
        } catch (IOException e) {
            return Stamp.NO_FILE;
        }
    }

    private static void lock(FileChannel channel) throws IOException {
        while (true) {
            try {
                channel.lock();
                return;
            } catch (OverlappingFileLockException e) {
                // This class was loaded twice in this JVM, and the other one holds the lock.
                pause();
            }
        }
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(LOCK_RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another class loader unpacks");
        }
    }

    private static void deleteFolder(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        var inside = new ArrayList<Path>();
        try (var walk = Files.walk(folder)) {
            walk.sorted(Comparator.reverseOrder()).forEach(inside::add);
        }
        for (var path : inside) {
            Files.delete(path);
        }
    }

    /** By what a change of a file shows. */
    private record Stamp(long size, FileTime modified) {
        private static final Stamp NO_FILE = new Stamp(-1, FileTime.fromMillis(0));
    }
}
