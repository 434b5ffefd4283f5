// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** No change of what users can name goes unseen: it is a line of a committed file, and so of a review. */
class ApiSurfaceTest {
    private static final String UPDATE = "anomalyany.api.update";
    private static final Path FILE = Path.of(System.getProperty("basedir", "."), "..", "docs", "api-surface.txt");

    @Test
    void theSurfaceIsTheOneThatWasReviewed() throws IOException {
        String surface = ApiSurface.text();
        if (Boolean.getBoolean(UPDATE)) {
            Files.writeString(FILE, surface);
        }
        assertThat(surface.lines().toList())
                .as(
                        "public API against %s: if the change is meant, run this test with -D%s=true, commit the file, and say so in CHANGELOG.md",
                        FILE.normalize(), UPDATE)
                .isEqualTo(Files.readString(FILE).lines().toList());
    }

    @Test
    void theSurfaceHasWhatUsersCallAndNothingInternal() {
        assertThat(ApiSurface.text())
                .contains("public interface io.github.anomalyany.AnomalyGenerator : AutoCloseable")
                .contains("public final class io.github.anomalyany.testing.FakeGenerator")
                .contains("protected abstract AttentionLoss loss()")
                .contains("List<Detection> detect(List<RgbImage> images")
                .doesNotContain("internal.")
                .doesNotContain("ai.djl");
    }
}
