// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.spi.BuiltInModelProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TinyModelsTest {
    private static final String LARGE_FILE = "text_encoder/model.safetensors";

    @TempDir
    private Path cache;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void namesTheLocationWhenItCannotWrite() throws IOException {
        var file = Files.writeString(cache.resolve("file"), "");

        assertThatThrownBy(() -> TinyModels.directory(file.resolve("below")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(file.resolve("below").toString())
                .hasMessageContaining("anomalyany.cache");
    }

    @Test
    void givesAModelWithAClipModel() throws IOException {
        var directory = TinyModels.directory(cache);

        assertThat(directory).startsWith(cache).isDirectoryContaining("glob:**model_index.json");
        assertThat(directory.resolve("clip/config.json")).exists();
        assertWhole(directory);
    }

    @Test
    void unpacksIntoTheFolderOfTheProperty() {
        var before = System.getProperty("anomalyany.cache");
        System.setProperty("anomalyany.cache", cache.toString());
        try {
            assertThat(TinyModels.directory()).isEqualTo(TinyModels.directory(cache));
        } finally {
            if (before == null) {
                System.clearProperty("anomalyany.cache");
            } else {
                System.setProperty("anomalyany.cache", before);
            }
        }
    }

    @Test
    void isFoundByThoseWhoLookForABuiltInModel() {
        assertThat(BuiltInModelProvider.find()).isInstanceOf(TinyModelProvider.class);
        assertThat(BuiltInModelProvider.find().directory()).isEqualTo(TinyModels.directory());
    }

    @Test
    void twoProcessesAtOnceGetTheSameWholeModel() throws Exception {
        var first = start();
        var second = start();

        var directory = lastLine(first);
        assertThat(lastLine(second)).isEqualTo(directory);
        assertThat(first.waitFor()).isZero();
        assertThat(second.waitFor()).isZero();
        assertWhole(Path.of(directory));
    }

    @Test
    void processWaitsForAnotherAndTakesOverWhenThatOneIsKilled() throws Exception {
        var killed = start(LARGE_FILE);
        awaitLine(killed.inputReader(UTF_8), UnpackProgram.HALFWAY);
        var waiting = start();
        awaitLine(waiting.inputReader(UTF_8), "ready");

        killed.destroyForcibly().waitFor();

        assertWhole(Path.of(lastLine(waiting)));
        assertThat(waiting.waitFor()).isZero();
    }

    @Test
    void killedUnpackIsCompletedByTheNext() throws Exception {
        var killed = start(LARGE_FILE);
        awaitLine(killed.inputReader(UTF_8), UnpackProgram.HALFWAY);
        killed.destroyForcibly().waitFor();
        assertThat(cache.resolve("tiny").resolve(Bundle.builtIn().id()).resolve(LARGE_FILE))
                .doesNotExist();

        assertWhole(TinyModels.directory(cache));
    }

    @Test
    void twoClassLoadersAtOnceGetTheSameWholeModel() throws Exception {
        try (var one = loader();
                var two = loader()) {
            var threads = Executors.newFixedThreadPool(2);
            try {
                var directories = threads.invokeAll(List.of(directoryBy(one), directoryBy(two)));
                assertThat(directories.get(0).get())
                        .isEqualTo(directories.get(1).get());
                assertWhole(directories.get(0).get());
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private Callable<Path> directoryBy(ClassLoader loader) {
        return () -> {
            var type = loader.loadClass(TinyModels.class.getName());
            assertThat(type).isNotSameAs(TinyModels.class);
            return (Path) type.getMethod("directory", Path.class).invoke(null, cache);
        };
    }

    private static URLClassLoader loader() {
        var urls = Arrays.stream(classPath().split(java.io.File.pathSeparator))
                .map(TinyModelsTest::url)
                .toArray(URL[]::new);
        return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new AssertionError(e);
        }
    }

    private Process start(String... stopInFile) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                UnpackProgram.class.getName(),
                cache.toString()));
        command.addAll(List.of(stopInFile));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static void awaitLine(BufferedReader output, String wanted) throws IOException {
        for (var line = output.readLine(); !wanted.equals(line); line = output.readLine()) {
            assertThat(line).as("line before \"%s\"", wanted).isNotNull();
        }
    }

    private static String lastLine(Process process) throws IOException {
        return process.inputReader(UTF_8).lines().reduce("", (before, line) -> line);
    }

    private static void assertWhole(Path directory) throws IOException {
        for (var entry : Bundle.builtIn().entries()) {
            var bytes = Files.readAllBytes(directory.resolve(entry.path()));
            assertThat(Bundle.hex(Bundle.sha256().digest(bytes)))
                    .as(entry.path())
                    .isEqualTo(entry.sha256());
        }
    }
}
