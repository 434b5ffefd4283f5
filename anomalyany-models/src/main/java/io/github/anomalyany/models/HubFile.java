// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

/**
 * A file of a repository.
 *
 * @param path in the repository, with slashes
 * @param size bytes
 * @param hash what it must have
 */
record HubFile(String path, long size, BlobHash hash) {
    private static final int MAX_LENGTH = 1000;

    /** Whether a path stays inside the folder that it is resolved against, on any system. */
    static boolean isSafe(String path) {
        if (path.isEmpty() || path.length() > MAX_LENGTH || !path.chars().allMatch(HubFile::isPlain)) {
            return false;
        }
        for (var segment : path.split("/", -1)) {
            // Also refuses "..." and ".. ", which Windows takes for "..".
            if (segment.chars().allMatch(c -> c == '.' || c == ' ')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPlain(int c) {
        return c >= ' ' && c != 0x7f && c != '\\' && c != ':';
    }
}
