// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job as the README has it: the built-in model, the sample photo, the real engine. */
class MainJobTest {
    private static final Path SAMPLE = SampleData.BRICK.resolve("train/good/004.png");
    /** Half the side of the sample's region and its soft edge. */
    private static final int REACH = 96 + 4 + 1;

    @TempDir
    private static Path folder;

    private static final ByteArrayOutputStream OUT = new ByteArrayOutputStream();

    @BeforeAll
    static void runTwice() {
        assertThat(run("first")).isZero();
        assertThat(run("second")).isZero();
    }

    @Test
    void photoIsUntouchedAroundTheRegion() throws IOException {
        var normal = RgbImage.read(SAMPLE);
        var anomaly = RgbImage.read(file("anomaly.png"));

        for (int y = 0; y < normal.height(); y++) {
            for (int x = 0; x < normal.width(); x++) {
                if (Math.hypot(x - 127.5, y - 127.5) > REACH) {
                    assertThat(anomaly.rgb(x, y)).as("%d, %d", x, y).isEqualTo(normal.rgb(x, y));
                }
            }
        }
    }

    @Test
    void maskShowsWhereThePhotoChanged() throws IOException {
        var mask = Mask.read(file("mask.png"));

        assertThat(mask.area()).isBetween(100, 20_000);
        assertThat(meanChange(mask)).isGreaterThan(2 * meanChange(mask.invert()));
    }

    @Test
    void holeIsDarkerThanTheBrickWas() throws IOException {
        var mask = Mask.read(file("mask.png"));

        double before = meanBrightness(RgbImage.read(SAMPLE), mask);
        assertThat(meanBrightness(RgbImage.read(file("anomaly.png")), mask)).isLessThan(0.8 * before);
    }

    @Test
    void provenanceNamesPromptAndModel() throws IOException {
        var provenance = Files.readString(file("provenance.json"));

        assertThat(provenance).contains(Arguments.SAMPLE_PROMPT).contains("unet/diffusion_pytorch_model.safetensors");
        assertThat(RgbImage.readPngText(file("anomaly.png"))).containsEntry(Provenance.PNG_KEYWORD, provenance);
    }

    @Test
    void consoleTellsProgressAndVerdict() {
        assertThat(OUT.toString(UTF_8).lines())
                .anyMatch(line -> line.matches("step \\d+ of \\d+, .* gone, about .* left"))
                .anyMatch(line -> line.startsWith("1 of 1 accepted, in "));
    }

    @Test
    void runsGiveTheSameBytes() {
        for (var name : new String[] {"anomaly.png", "mask.png", "heatmap.png", "contact-sheet.png"}) {
            assertThat(folder.resolve("second").resolve(name)).hasSameBinaryContentAs(file(name));
        }
    }

    private static int run(String name) {
        var program = new GenerateAnomaly(
                model -> AnomalyGenerator.builder().modelDirectory(model).build(),
                new PrintStream(OUT, true, UTF_8),
                System.err,
                false);
        return program.run("--out", folder.resolve(name).toString());
    }

    private static Path file(String name) {
        return folder.resolve("first").resolve(name);
    }

    private static double meanBrightness(RgbImage image, Mask where) {
        double sum = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                if (where.contains(x, y)) {
                    int rgb = image.rgb(x, y);
                    sum += (rgb >> 16) + (rgb >> 8 & 0xff) + (rgb & 0xff);
                }
            }
        }
        return sum / where.area();
    }

    private static double meanChange(Mask where) throws IOException {
        byte[] before = RgbImage.read(SAMPLE).toBytes();
        byte[] after = RgbImage.read(file("anomaly.png")).toBytes();
        double sum = 0;
        for (int i = 0; i < before.length; i++) {
            if (where.contains(i / 3 % where.width(), i / 3 / where.width())) {
                sum += Math.abs((before[i] & 0xff) - (after[i] & 0xff));
            }
        }
        return sum / where.area();
    }
}
