// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSampleTest {
    private static final RgbImage IMAGE = RgbImage.of(3, 2, new byte[18]);

    @TempDir
    Path folder;

    @Test
    void refusesLabelsOfAnotherSize() {
        assertThatThrownBy(() -> TrainingSample.anomaly("bolt", IMAGE, ScoreMap.of(2, 3, new float[6])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels must be 3×2 as the picture is, but were 2×3");
        assertThatThrownBy(() -> TrainingSample.anomaly("bolt", IMAGE, Mask.full(3, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("were 3×3");
    }

    @Test
    void refusesLabelsOutOfRange() {
        for (float label : new float[] {-0.01f, 1.01f}) {
            var labels = ScoreMap.of(3, 2, new float[] {0, 0, 1, 0, label, 0});
            assertThatThrownBy(() -> TrainingSample.anomaly("bolt", IMAGE, labels))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("labels must be in [0, 1] but one was " + label);
        }
    }

    @Test
    void refusesAnAnomalyOfADatasetWithoutMask() {
        var sample = new Sample(folder.resolve("000.png"), Optional.empty(), "scratch");
        assertThatThrownBy(() -> TrainingSample.of("bolt", sample))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a mask but has none")
                .hasMessageContaining("000.png");
    }

    @Test
    void goodPicturesHaveNoLabels() throws IOException {
        Path file = folder.resolve("good.png");
        IMAGE.write(file);
        assertThat(TrainingSample.normal("bolt", IMAGE).labels()).isEmpty();
        assertThat(TrainingSample.normal("bolt", file).labels()).isEmpty();
        assertThat(TrainingSample.normal("bolt", file).image()).isEqualTo(IMAGE);
        var ofDataset = TrainingSample.of("bolt", new Sample(file, Optional.empty(), Sample.GOOD));
        assertThat(ofDataset.labels()).isEmpty();
        assertThat(ofDataset.isAnomalous()).isFalse();
    }

    @Test
    void greyIsHowSurelyAPixelIsAnomalous() throws IOException {
        Path image = folder.resolve("dented.png");
        Path labels = folder.resolve("labels.png");
        IMAGE.write(image);
        ScoreMap.of(3, 2, new float[] {0, 1, 0.2f, 0.4f, 0.6f, 0.8f}).toImage().write(labels);
        var sample = TrainingSample.anomaly("bolt", image, labels);
        assertThat(sample.isAnomalous()).isTrue();
        assertThat(sample.labels().orElseThrow().toArray()).containsExactly(0, 1, 0.2f, 0.4f, 0.6f, 0.8f);
    }

    @Test
    void maskedPixelsAreSurelyAnomalous() throws IOException {
        var mask = Mask.rectangle(3, 2, new Region(1, 0, 2, 1));
        assertThat(TrainingSample.anomaly("bolt", IMAGE, mask)
                        .labels()
                        .orElseThrow()
                        .toArray())
                .containsExactly(0, 1, 1, 0, 0, 0);
        Path image = folder.resolve("000.png");
        Path file = folder.resolve("000_mask.png");
        IMAGE.write(image);
        mask.write(file);
        var ofDataset = TrainingSample.of("bolt", new Sample(image, Optional.of(file), "scratch"));
        assertThat(ofDataset.labels().orElseThrow().toArray()).containsExactly(0, 1, 1, 0, 0, 0);
    }

    @Test
    void namesItsFile() {
        Path file = folder.resolve("x.png");
        assertThat(TrainingSample.normal("bolt", file)).hasToString("good picture " + file + " of \"bolt\"");
        assertThat(TrainingSample.anomaly("bolt", file, file))
                .hasToString("anomalous picture " + file + " of \"bolt\"");
    }
}
