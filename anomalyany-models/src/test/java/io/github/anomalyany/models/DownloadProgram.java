// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.net.URI;
import java.nio.file.Path;

/** Downloads in a process of its own, there to be killed. */
final class DownloadProgram {
    private DownloadProgram() {}

    public static void main(String[] args) {
        var store = CacheCheck.store(Path.of(args[1]))
                .allowDownloads(true)
                .endpoint(URI.create(args[0]))
                .build();
        System.out.println(store.huggingFace(FakeHub.ID));
    }
}
