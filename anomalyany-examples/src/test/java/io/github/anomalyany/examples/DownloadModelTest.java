// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.tiny.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadModelTest {
    @TempDir
    private Path cache;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private TinyHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new TinyHub("tiny/model");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void needsAModel() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("--cache", cache.toString())).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("the first argument must be the model, OWNER/NAME");
    }

    @Test
    void refusesWhatIsNoName() {
        assertThat(run("model")).isEqualTo(2);
        assertThat(run("tiny/model", "--endpoint", "ftp://nowhere")).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("id must be OWNER/NAME").contains("ftp://nowhere");
    }

    @Test
    void saysThatARepositoryIsNotThere() {
        assertThat(run("tiny/other", "--cache", cache.toString(), "--endpoint", hub.url()))
                .isEqualTo(1);

        assertThat(err.toString(UTF_8)).startsWith("there is no repository tiny/other, or it has no revision main");
    }

    @Test
    void fetchesAModelThatAGeneratorLoads() throws IOException {
        assertThat(run("tiny/model", "--cache", cache.toString(), "--endpoint", hub.url()))
                .as(() -> err.toString(UTF_8))
                .isZero();

        var lines = out.toString(UTF_8).lines().toList();
        assertThat(lines.get(0))
                .matches("\\d+ files of tiny/model at [0-9a-f]{40}: [\\d.]+ MB, [\\d.]+ MB of it to fetch");
        assertThat(lines).anyMatch(line -> line.startsWith("100 %"));
        var directory = Path.of(lines.get(lines.size() - 1));
        assertThat(TinyHub.files(directory)).contains("model_index.json", "clip/model.safetensors");
        for (var path : TinyHub.files(directory)) {
            assertThat(directory.resolve(path))
                    .hasBinaryContent(Files.readAllBytes(TinyModels.directory().resolve(path)));
        }
        AnomalyGenerator.builder().modelDirectory(directory).build().close();
    }

    @Test
    void fetchesNothingTwice() {
        run("tiny/model", "--cache", cache.toString(), "--endpoint", hub.url());
        int before = hub.requests();

        assertThat(run("tiny/model", "--cache", cache.toString(), "--endpoint", hub.url()))
                .isZero();
        assertThat(hub.requests()).isEqualTo(before).isPositive();
    }

    private int run(String... args) {
        return new DownloadModel(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)).run(args);
    }
}
