// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files of a model, wherever they come from.
 *
 * @param id differs between models that differ
 * @param entries the files
 * @param source opens them
 */
record Bundle(String id, List<Entry> entries, Source source) {
    private static final String INDEX = "bundle.index";
    private static final String FOLDER = "bundle/";
    private static final int ID_LENGTH = 16;

    /**
     * Reads the index of the model on the class path: a line a file, as {@code SHA-256 size path}.
     *
     * @return the built-in model
     */
    static Bundle builtIn() {
        try (var in = Bundle.class.getResourceAsStream(INDEX)) {
            if (in == null) {
                throw new IllegalStateException("class-path resource " + INDEX + " is missing from anomalyany-tiny");
            }
            var bytes = in.readAllBytes();
            var entries = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(Entry::parse)
                    .toList();
            var id = hex(sha256().digest(bytes)).substring(0, ID_LENGTH);
            return new Bundle(id, entries, path -> Bundle.class.getResourceAsStream(FOLDER + path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    static String hex(byte[] hash) {
        return HexFormat.of().formatHex(hash);
    }

    /**
     * A file as it must be.
     *
     * @param path below the model's folder, with slashes
     * @param size bytes
     * @param sha256 lower-case hexadecimal
     */
    record Entry(String path, long size, String sha256) {
        private static Entry parse(String line) {
            var fields = line.split(" ", 3);
            return new Entry(fields[2], Long.parseLong(fields[1]), fields[0]);
        }
    }

    /** Opens files by their path. */
    interface Source {
        /**
         * Opens a file.
         *
         * @param path as in the index
         * @return its bytes, or null if there is no such file
         * @throws IOException if it can't be opened
         */
        @Nullable
        InputStream open(String path) throws IOException;
    }
}
