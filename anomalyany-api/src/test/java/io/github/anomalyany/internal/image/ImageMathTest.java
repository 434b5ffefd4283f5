// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageMathTest {
    private static float[] random(int count, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        return values;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void interpolationRejectsPlanesOfAnotherSize() {
        var interpolation = Interpolation.bilinear(3, 2, 5, 5);
        assertThatThrownBy(() -> interpolation.apply(new float[7]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("planes must have a multiple of 6 values but had 7");
        assertThatThrownBy(() -> interpolation.gradient(new float[26])).hasMessageContaining("multiple of 25");
        assertThatThrownBy(() -> Interpolation.area(3, 0, 1, 1)).hasMessageContaining("sides must be at least 1");
    }

    /** ⟨A·x, y⟩ = ⟨x, Aᵀ·y⟩. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void gradientIsTheTransposeOfTheInterpolation(long seed) {
        var random = new SplittableRandom(seed);
        int width = random.nextInt(1, 20);
        int height = random.nextInt(1, 20);
        int toWidth = random.nextInt(1, 30);
        int toHeight = random.nextInt(1, 30);
        for (var interpolation : List.of(
                Interpolation.bilinear(width, height, toWidth, toHeight),
                Interpolation.bicubic(width, height, toWidth, toHeight),
                Interpolation.area(width, height, toWidth, toHeight))) {
            float[] x = random(2 * width * height, random);
            float[] y = random(2 * toWidth * toHeight, random);
            assertThat(dot(interpolation.apply(x), y)).isCloseTo(dot(x, interpolation.gradient(y)), within(1e-4));
        }
    }

    @Test
    void smoothingRejectsWhatDoesNotFit() {
        assertThatThrownBy(() -> GaussianFilter.apply(new float[5], 2, 3, 1))
                .hasMessage("plane must have 2·3 values but had 5");
        for (double sigma : new double[] {-1, Double.NaN, 1001}) {
            assertThatThrownBy(() -> GaussianFilter.apply(new float[6], 2, 3, sigma))
                    .hasMessage("sigma must be in [0, 1000] but was " + sigma);
        }
    }

    @Test
    void smoothingKeepsTheMeanAndConstants() {
        float[] plane = random(30 * 20, new SplittableRandom(1));
        float[] smoothed = GaussianFilter.apply(plane, 30, 20, 3);
        float[] ones = new float[plane.length];
        java.util.Arrays.fill(ones, 1);
        assertThat(dot(smoothed, ones)).isCloseTo(dot(plane, ones), within(1e-3));
        for (float value : GaussianFilter.apply(ones, 30, 20, 7.5)) {
            assertThat(value).isCloseTo(1, within(1e-6f));
        }
        assertThat(GaussianFilter.apply(plane, 30, 20, 0)).containsExactly(plane);
    }

    @Test
    void otsuRejectsWhatHasNoThreshold() {
        assertThatThrownBy(() -> Otsu.threshold(new int[0])).hasMessage("values must not be empty");
        assertThatThrownBy(() -> Otsu.threshold(new float[0])).hasMessage("values must not be empty");
        assertThatThrownBy(() -> Otsu.threshold(new int[] {0, Integer.MAX_VALUE}))
                .hasMessageContaining("at most 65536 levels");
        assertThatThrownBy(() -> Otsu.threshold(new float[] {1, Float.NaN}))
                .hasMessage("values must be finite but one was NaN");
    }

    @Test
    void otsuOfExtremeNumbersEnds() {
        assertThat(Otsu.threshold(new float[] {1, Math.nextUp(1f)})).isBetween(1f, Math.nextUp(1f));
        assertThat(Otsu.threshold(new float[] {0, Float.MIN_VALUE})).isBetween(0f, Float.MIN_VALUE);
        assertThat(Otsu.threshold(new int[] {-7})).isEqualTo(-7);
    }

    @Test
    void partsTouchAtCorners() {
        var two = Mask.rectangle(9, 9, new Region(0, 0, 3, 3))
                .invert()
                .and(Mask.rectangle(9, 9, new Region(3, 3, 2, 2)).invert())
                .invert();
        var one = ConnectedComponents.of(two);
        assertThat(one.count()).isEqualTo(1);
        assertThat(one.area(1)).isEqualTo(13);
        assertThat(one.label(4, 4)).isEqualTo(1);
        assertThat(one.label(8, 8)).isZero();
        assertThatThrownBy(() -> one.area(2)).hasMessage("label must be in [1, 1] but was 2");
        assertThat(ConnectedComponents.of(Mask.empty(3, 3)).count()).isZero();
    }

    @Test
    void specksGoAndTheRestStays() {
        boolean[] pixels = new boolean[40 * 30];
        for (int i = 0; i < pixels.length; i += 3) {
            pixels[i] = i / 40 % 2 == 0; // far apart
        }
        var specks = Mask.of(40, 30, pixels);
        assertThat(ConnectedComponents.of(specks).count())
                .isEqualTo(specks.area())
                .isGreaterThan(100);
        var block = Mask.rectangle(40, 30, new Region(10, 10, 5, 4));
        var both = specks.invert().and(block.invert()).invert();
        assertThat(ConnectedComponents.withoutSpecks(both, 21).area()).isGreaterThan(20);
        assertThat(ConnectedComponents.withoutSpecks(specks, 2).isEmpty()).isTrue();
        assertThat(ConnectedComponents.withoutSpecks(specks, 1)).isEqualTo(specks);
        assertThat(ConnectedComponents.withoutSpecks(block, 20)).isEqualTo(block);
        assertThat(ConnectedComponents.withoutSpecks(block, 21).isEmpty()).isTrue();
    }
}
