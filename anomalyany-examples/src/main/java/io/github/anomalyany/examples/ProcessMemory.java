// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process's resident memory as Linux counts it. */
final class ProcessMemory {
    private ProcessMemory() {}

    /** Most so far, in MiB. */
    static double peak() throws IOException {
        return read("VmHWM");
    }

    /** Now, in MiB. */
    static double now() throws IOException {
        return read("VmRSS");
    }

    private static double read(String key) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
            }
        }
        throw new IOException("/proc/self/status has no line " + key);
    }
}
