// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What must hold of a cache whatever happened: nothing in it is other than its name says, and nothing half is offered. */
final class CacheCheck {
    private CacheCheck() {}

    /** Checks it, and that an offline store finds the right bytes or says why not. */
    static void assertNotPoisoned(Path cache, HubModel model, Map<String, byte[]> files) throws IOException {
        for (var file : filesBelow(cache)) {
            var name = file.getFileName().toString();
            if (file.resolveSibling("").endsWith("blobs") && !name.endsWith(".incomplete")) {
                var bytes = Files.readAllBytes(file);
                assertThat(name)
                        .as("hash of %s", file)
                        .isEqualTo(name.length() == 64 ? FakeHub.hash("SHA-256", bytes) : FakeHub.gitHash(bytes));
            }
        }
        try (var entries = Files.walk(cache)) {
            assertThat(entries.filter(Files::isSymbolicLink).toList())
                    .allSatisfy(link -> assertThat(link).exists());
        }
        try {
            var directory = store(cache).build().huggingFace(model);
            for (var file : filesBelow(directory)) {
                var path = directory.relativize(file).toString().replace('\\', '/');
                assertThat(Files.readAllBytes(file)).as(path).isEqualTo(files.get(path));
            }
        } catch (ModelUnavailableException e) {
            assertThat(e).hasMessageContaining("missing").hasMessageContaining("allowDownloads(true)");
        }
    }

    /** A store that sees nothing of the environment. */
    static ModelStore.Builder store(Path cache) {
        return ModelStore.builder().environment(Map.<String, String>of()::get).cache(cache);
    }

    private static List<Path> filesBelow(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
