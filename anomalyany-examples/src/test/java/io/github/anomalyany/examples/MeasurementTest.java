// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.WordAttention;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {
    private static final AblationCase BRICK = new AblationCase(SampleKind.BRICK, "crack", 0);

    private final RgbImage normal = RgbImage.of(40, 30, new byte[3 * 40 * 30]);
    private final Mask region = Mask.rectangle(40, 30, new Region(10, 10, 8, 6));

    @Test
    void refusesPictureThatClipDidNotSee() {
        var made = made();
        var unseen = new GeneratedAnomaly(
                made.image(),
                made.mask(),
                made.scores(),
                made.attention(),
                made.change(),
                made.verdict(),
                new Provenance("x", Map.of()));

        assertThatThrownBy(() -> measure(unseen))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("CLIP");
    }

    @Test
    void takesTheNumbersOfThePicture() {
        var measured = measure(made());

        assertThat(measured.attentionInside()).isEqualTo(.5);
        assertThat(measured.attentionOutside()).isEqualTo(.25);
        assertThat(measured.clipMade()).isEqualTo(.75);
        assertThat(measured.clipNormal()).isEqualTo(.5);
        assertThat(measured.visibleChange()).isEqualTo(10);
        assertThat(measured.changesMoreInside()).isTrue();
        assertThat(measured.accepted()).isTrue();
        assertThat(measured.seconds()).isEqualTo(1.5);
    }

    @Test
    void countsEveryPixelThatChangedBeyondTheFeather() {
        assertThat(Measurement.changedBeyond(normal, changed(5, 12), region, 4)).isEqualTo(1);
        assertThat(Measurement.changedBeyond(normal, changed(6, 12), region, 4)).isZero();
        assertThat(Measurement.changedBeyond(normal, changed(6, 6), region, 4)).isEqualTo(1);
        assertThat(Measurement.changedBeyond(normal, changed(39, 29), region, 4))
                .isEqualTo(1);
        assertThat(Measurement.changedBeyond(normal, changed(12, 12), region, 0))
                .isZero();
        assertThat(Measurement.changedBeyond(normal, normal, region, 4)).isZero();
    }

    @Test
    void peakIsOfTheCellsThatTheRegionTouches() {
        float[] cells = {.1f, .9f, .3f, .8f};
        var attention = new WordAttention("crack", 2, 2, cells, 0, 0);

        assertThat(Measurement.peak(attention, region)).isEqualTo(.3f);
        assertThat(Measurement.peak(attention, Mask.full(40, 30))).isEqualTo(.9f);
    }

    private GeneratedAnomaly made() {
        var request = BRICK.request(normal, region, AblationVariant.PLAIN);
        return new ScriptedGenerator().generate(request).accepted().get(0);
    }

    private Measurement measure(GeneratedAnomaly made) {
        return Measurement.of(BRICK, AblationVariant.PLAIN, normal, region, made, Duration.ofMillis(1500));
    }

    private RgbImage changed(int x, int y) {
        byte[] rgb = normal.toBytes();
        rgb[3 * (y * 40 + x) + 2] = 1;
        return RgbImage.of(40, 30, rgb);
    }
}
