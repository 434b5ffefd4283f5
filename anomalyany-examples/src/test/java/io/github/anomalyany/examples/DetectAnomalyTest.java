// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectAnomalyTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void refusesAPictureWithoutGoodOnes() {
        assertThat(run("--image", "photo.png")).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("--normals and --image need each other");
    }

    @Test
    void refusesAFolderWithoutPictures() {
        assertThat(run("--normals", folder.toString(), "--image", "photo.png")).isEqualTo(2);

        assertThat(err.toString(UTF_8)).contains("no PNG or JPEG files there");
    }

    @Test
    void explainsAPictureThatIsNotThere() throws IOException {
        sample("train/good/000.png", "good/000.png");

        assertThat(run("--normals", folder.resolve("good").toString(), "--image", "nowhere.png"))
                .isEqualTo(1);

        assertThat(err.toString(UTF_8)).contains("nowhere.png");
    }

    @Test
    void findsTheHoleInABrick() throws IOException {
        for (int i = 0; i < 4; i++) {
            sample("train/good/00" + i + ".png", "good/00" + i + ".png");
        }
        var image = sample("test/hole/000.png", "hole.png");
        var output = folder.resolve("out");

        int status = run(
                "--normals",
                folder.resolve("good").toString(),
                "--image",
                image.toString(),
                "--category",
                "brick",
                "--out",
                output.toString());

        assertThat(status).as(() -> err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).startsWith("anomalous: score ").contains("largest score");
        var picture = RgbImage.read(image);
        assertThat(RgbImage.read(output.resolve("detection-heatmap.png")))
                .isNotEqualTo(picture)
                .returns(picture.width(), RgbImage::width);
        assertThat(output.resolve("detection.png")).exists();
        assertThat(output.resolve("detection.json")).content().contains("\"category\": \"brick\"");
    }

    @Test
    void oneGoodPictureGivesNoThreshold() throws IOException {
        sample("train/good/000.png", "good/000.png");
        var image = sample("test/good/000.png", "photo.png");

        int status = run(
                "--normals",
                folder.resolve("good").toString(),
                "--image",
                image.toString(),
                "--out",
                folder.resolve("out").toString());

        assertThat(status).as(() -> err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).startsWith("uncalibrated: score ").contains("more than one good picture");
    }

    private Path sample(String resource, String name) throws IOException {
        var file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.copy(SampleData.BRICK.resolve(resource), file);
        return file;
    }

    private int run(String... args) {
        return new DetectAnomaly(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)).run(args);
    }
}
