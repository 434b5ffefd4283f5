// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/** Unpacks in a process of its own: all of it, or until it stands in the middle of a file, there to be killed. */
final class UnpackProgram {
    static final String HALFWAY = "halfway";

    private UnpackProgram() {}

    public static void main(String[] args) {
        var cache = Path.of(args[0]);
        System.out.println("ready");
        if (args.length == 1) {
            System.out.println(TinyModels.directory(cache));
        } else {
            var bundle = Bundle.builtIn();
            var stopping = new Bundle(bundle.id(), bundle.entries(), path -> {
                var in = Objects.requireNonNull(bundle.source().open(path), path);
                return path.equals(args[1]) ? new Stopping(in) : in;
            });
            new BundleCache(stopping, cache).directory();
        }
    }

    /** Gives some bytes and then none for ever. */
    private static final class Stopping extends FilterInputStream {
        private long left = 100_000;

        Stopping(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                System.out.println(HALFWAY);
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            int count = super.read(bytes, offset, length);
            left -= count;
            return count;
        }
    }
}
