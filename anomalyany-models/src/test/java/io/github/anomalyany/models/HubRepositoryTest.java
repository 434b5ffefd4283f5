// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubRepositoryTest {
    private static final byte[] BYTES = "text".getBytes(UTF_8);
    private static final BlobHash HASH = new BlobHash(FakeHub.gitHash(BYTES));
    private static final List<HubFile> FILES = List.of(new HubFile("unet/config.json", BYTES.length, HASH));

    @TempDir
    private Path folder;

    @Test
    void filesAreCopiedWhereThereAreNoLinks() throws IOException {
        // A file system in a zip file has none.
        try (var zip = FileSystems.newFileSystem(folder.resolve("cache.zip"), Map.of("create", "true"))) {
            var repository = linked(zip.getPath("/cache"));

            assertThat(repository.snapshot(FakeHub.COMMIT).resolve("unet/config.json"))
                    .isRegularFile()
                    .hasBinaryContent(BYTES);
        }
    }

    @Test
    void replacesAnEntryThatIsSomethingElse() throws IOException {
        var repository = linked(folder);
        var entry = repository.snapshot(FakeHub.COMMIT).resolve("unet/config.json");
        Files.delete(entry);
        Files.writeString(entry, "else");

        repository.link(FakeHub.COMMIT, FILES);

        assertThat(entry).isSymbolicLink().hasBinaryContent(BYTES);
    }

    @Test
    void acceptsACacheThatIsALinkToAFolder() throws IOException {
        var disk = Files.createDirectory(folder.resolve("disk"));
        var cache = Files.createSymbolicLink(folder.resolve("cache"), disk);

        assertThat(linked(cache).snapshot(FakeHub.COMMIT).resolve("unet/config.json"))
                .hasBinaryContent(BYTES);
    }

    private static HubRepository linked(Path cache) throws IOException {
        var repository = new HubRepository(cache, FakeHub.ID);
        repository.prepare();
        Files.write(repository.blob(HASH), BYTES);
        repository.link(FakeHub.COMMIT, FILES);
        repository.finish(FakeHub.COMMIT, "main");
        return repository;
    }
}
