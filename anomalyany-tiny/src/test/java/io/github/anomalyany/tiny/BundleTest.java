// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BundleTest {
    private static final Path RESOURCES = Path.of("src/main/resources/io/github/anomalyany/tiny/bundle");

    @Test
    void indexListsExactlyTheFilesThatShipWithTheirSizesAndHashes() throws IOException {
        assertThat(Bundle.builtIn().entries())
                .as("if files changed on purpose, run: java tools/tiny-bundle/WriteIndex.java")
                .containsExactlyInAnyOrderElementsOf(entriesOf(RESOURCES));
    }

    @Test
    void classPathHasTheFilesOfTheIndex() throws IOException {
        var bundle = Bundle.builtIn();
        for (var entry : bundle.entries()) {
            try (var in = bundle.source().open(entry.path())) {
                var bytes = Objects.requireNonNull(in, entry.path()).readAllBytes();
                assertThat(Bundle.hex(Bundle.sha256().digest(bytes))).isEqualTo(entry.sha256());
            }
        }
    }

    @Test
    void shipsLicencesAndDescription() {
        assertThat(Bundle.builtIn().entries())
                .extracting(Bundle.Entry::path)
                .contains("LICENSE", "README.md", "REPORT.md", "tokenizer/LICENSE-openai-CLIP.txt");
    }

    @Test
    void idNamesTheContent() {
        assertThat(Bundle.builtIn().id()).matches("[0-9a-f]{16}");
    }

    private static List<Bundle.Entry> entriesOf(Path folder) throws IOException {
        var entries = new ArrayList<Bundle.Entry>();
        try (var walk = Files.walk(folder)) {
            for (var file : walk.filter(Files::isRegularFile).toList()) {
                var bytes = Files.readAllBytes(file);
                var path = folder.relativize(file).toString().replace('\\', '/');
                entries.add(new Bundle.Entry(
                        path, bytes.length, Bundle.hex(Bundle.sha256().digest(bytes))));
            }
        }
        return entries;
    }
}
