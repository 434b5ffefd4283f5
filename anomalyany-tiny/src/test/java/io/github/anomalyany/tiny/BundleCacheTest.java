// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ModelLoadException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleCacheTest {
    private static final Map<String, String> TEXTS =
            new TreeMap<>(Map.of("config.json", "{}", "unet/weights", "abcdef", "unet/config.json", "{\"a\": 1}"));

    @TempDir
    private Path home;

    private final AtomicInteger opened = new AtomicInteger();
    private final Bundle bundle = bundle("0123456789abcdef", TEXTS);

    @Test
    void namesFolderAndRemedyWhenItCannotWrite() throws IOException {
        // A folder below a file can't be made by anybody, whereas permissions don't stop root.
        var file = Files.writeString(home.resolve("file"), "");

        assertThatThrownBy(() -> unpack(bundle, file))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.resolve("tiny/0123456789abcdef").toString())
                .hasMessageContaining("-Danomalyany.cache=FOLDER")
                .hasMessageContaining("ANOMALYANY_CACHE")
                .hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void refusesDamagedJarAndLeavesNoFileOfThatName() {
        var lying = new Bundle("lying", bundle.entries(), path -> stream("other"));

        assertThatThrownBy(() -> unpack(lying, home))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(bundle.entries().get(0).sha256())
                .hasMessageContaining("jar anomalyany-tiny is damaged");
        assertThat(home.resolve("tiny/lying")).doesNotExist();
        assertThat(home.resolve("tiny/lying.part")).doesNotExist();
    }

    @Test
    void refusesIncompleteJar() {
        var incomplete = new Bundle("incomplete", bundle.entries(), path -> null);

        assertThatThrownBy(() -> unpack(incomplete, home))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("jar anomalyany-tiny is incomplete");
    }

    @Test
    void succeedsAfterAFailure() {
        var failing = new Bundle(bundle.id(), bundle.entries(), path -> {
            throw new IOException("no space left");
        });
        assertThatThrownBy(() -> unpack(failing, home)).hasMessageContaining("no space left");

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
    }

    @Test
    void unpacksEveryFile() {
        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
    }

    @Test
    void unpacksOnce() {
        unpack(bundle, home);
        unpack(bundle, home);

        assertThat(opened).hasValue(TEXTS.size());
    }

    @Test
    void makesFoldersThatAreMissing() {
        assertThat(contentOf(unpack(bundle, home.resolve("a/b")))).isEqualTo(TEXTS);
    }

    @Test
    void acceptsALinkToAFolder() throws IOException {
        var disk = Files.createDirectory(home.resolve("disk"));
        var linked = Files.createDirectory(home.resolve("cache"));
        Files.createSymbolicLink(linked.resolve("tiny"), disk);

        assertThat(contentOf(unpack(bundle, linked))).isEqualTo(TEXTS);
    }

    @Test
    void repairsAFileOfWrongSizeAndOnlyThat() throws IOException {
        var damaged = unpack(bundle, home).resolve("unet/weights");
        Files.writeString(damaged, "abc");

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
        assertThat(opened).hasValue(TEXTS.size() + 1);
    }

    @Test
    void repairsAFileOfRightSizeAndWrongContent() throws IOException {
        var damaged = unpack(bundle, home).resolve("unet/weights");
        Files.writeString(damaged, "abcdeX");
        Files.setLastModifiedTime(damaged, FileTime.fromMillis(1));

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
    }

    @Test
    void replacesADeletedFile() throws IOException {
        Files.delete(unpack(bundle, home).resolve("config.json"));

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
    }

    @Test
    void comparesHashesOfFilesThatAnotherProcessUnpacked() throws IOException {
        var directory = Files.createDirectories(home.resolve("tiny").resolve(bundle.id()));
        Files.writeString(directory.resolve("config.json"), "{}");
        Files.createDirectory(directory.resolve("unet"));
        Files.writeString(directory.resolve("unet/weights"), "abcdeX");

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
        assertThat(opened).as("the whole file is kept").hasValue(2);
    }

    @Test
    void writesNothingWhereEverythingIsThere() throws IOException {
        var directory = home.resolve("tiny").resolve(bundle.id());
        for (var file : TEXTS.entrySet()) {
            Files.createDirectories(directory.resolve(file.getKey()).resolveSibling(""));
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }

        unpack(bundle, home);

        assertThat(home.resolve("tiny").toFile().list()).containsExactly(bundle.id());
    }

    @Test
    void clearsWhatAKilledUnpackLeft() throws IOException {
        var left = Files.createDirectories(home.resolve("tiny").resolve(bundle.id() + ".part"));
        Files.writeString(left.resolve("file"), "ab");

        assertThat(contentOf(unpack(bundle, home))).isEqualTo(TEXTS);
        assertThat(left).doesNotExist();
    }

    @Test
    void modelsThatDifferLieSideBySide() {
        var other = unpack(bundle("fedcba9876543210", Map.of("config.json", "{}")), home);

        assertThat(unpack(bundle, home)).isNotEqualTo(other).hasParent(home.resolve("tiny"));
    }

    @Test
    void threadsAtOnceUnpackOnce() throws Exception {
        var threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Map<String, String>> task = () -> contentOf(unpack(bundle, home));
            for (var content : threads.invokeAll(List.of(task, task, task, task, task, task, task, task))) {
                assertThat(content.get()).isEqualTo(TEXTS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(opened).hasValue(TEXTS.size());
    }

    private static Path unpack(Bundle bundle, Path cache) {
        return new BundleCache(bundle, cache).directory();
    }

    private Bundle bundle(String id, Map<String, String> texts) {
        var entries = texts.entrySet().stream()
                .map(file -> new Bundle.Entry(
                        file.getKey(),
                        file.getValue().length(),
                        Bundle.hex(Bundle.sha256().digest(file.getValue().getBytes(UTF_8)))))
                .toList();
        return new Bundle(id, entries, path -> {
            opened.incrementAndGet();
            return stream(texts.getOrDefault(path, ""));
        });
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(UTF_8));
    }

    private static Map<String, String> contentOf(Path directory) {
        var content = new TreeMap<String, String>();
        try (var walk = Files.walk(directory)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                content.put(directory.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return content;
    }
}
