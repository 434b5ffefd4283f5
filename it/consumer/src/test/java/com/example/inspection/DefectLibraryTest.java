// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import static io.github.anomalyany.testing.AnomalyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.GenerationException;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.testing.FakeGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's code against a fake: no model, no engine, milliseconds. */
class DefectLibraryTest {
    @TempDir
    Path folder;

    @Test
    void writesNothingWhenTheGeneratorFails() {
        var generator = new FakeGenerator().failWith(() -> new GenerationException("out of luck"));
        var library = new DefectLibrary(generator, folder.resolve("library"));
        assertThatThrownBy(() -> library.add(Photos.wood(1), "hole", 2)).isInstanceOf(GenerationException.class);
        assertThat(folder.resolve("library")).doesNotExist();
    }

    @Test
    void keepsOnlyWhatWasAccepted() throws IOException {
        var library = new DefectLibrary(new FakeGenerator().rejectEvery(1), folder);
        assertThat(library.add(Photos.wood(1), "hole", 3)).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void writesPicturesWithTheirMasks() throws IOException {
        var generator = new FakeGenerator();
        assertThat(new DefectLibrary(generator, folder).add(Photos.wood(1), "hole", 2)).isEqualTo(2);
        assertThat(generator.requests()).singleElement().satisfies(request -> assertThat(request.anomaly())
                .isEqualTo("a photo of wood with a hole"));
        try (var files = Files.newDirectoryStream(folder, "*_mask.png")) {
            for (Path file : files) {
                var mask = Mask.read(file);
                var picture = RgbImage.read(folder.resolve(file.getFileName().toString().replace("_mask", "")));
                assertThat(mask).isNotEmpty();
                assertThat(picture).equalsOutside(mask, Photos.wood(1)).differsInside(mask, Photos.wood(1), 50);
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(4);
        }
    }
}
