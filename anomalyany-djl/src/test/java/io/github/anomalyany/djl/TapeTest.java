// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.Tape.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TapeTest extends RuntimeTest {
    private static float[] numbers(int count, long seed) {
        var random = new SplittableRandom(seed);
        var numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    /** Uses x three times, so that cotangents must be added up: soft(x) + (2·soft(x) + x). */
    private static float[] gradient(Tape.Memory memory, float[] x, float[] cotangent) {
        try (var scope = runtime.scope()) {
            Tape tape = scope.tape(memory);
            Value input = tape.variable(scope.tensor(x, 1, x.length));
            Value soft = tape.call("soft_clamp", input);
            Value twice = tape.call("affine", soft.again(), 2.0, 0.5);
            Value sum = tape.call("accumulate", tape.call("accumulate", twice, soft), input);
            PtNDArray incoming = scope.tensor(cotangent, 1, x.length);
            return tape.gradients(Map.of(sum, incoming), List.of(input)).get(0).toFloatArray();
        }
    }

    @Test
    void addsUpTheGradientsOfAllUses() {
        float[] x = numbers(17, 1);
        float[] cotangent = numbers(17, 2);
        float[] gradient = gradient(Tape.Memory.ALL, x, cotangent);
        for (int i = 0; i < x.length; i++) {
            double t = Math.tanh(x[i] / 3);
            assertThat((double) gradient[i]).isCloseTo((3 * (1 - t * t) + 1) * cotangent[i], within(1e-5));
        }
    }

    @Test
    void gradientsHaveTheSameBitsWhateverIsKept() {
        float[] x = numbers(999, 3);
        float[] cotangent = numbers(999, 4);
        assertThat(gradient(Tape.Memory.BLOCK_INPUTS, x, cotangent)).isEqualTo(gradient(Tape.Memory.ALL, x, cotangent));
    }

    @Test
    void threadsDoNotDisturbEachOther() {
        float[] x = numbers(500, 5);
        float[] cotangent = numbers(500, 6);
        float[] alone = gradient(Tape.Memory.ALL, x, cotangent);
        var others = List.of(
                CompletableFuture.supplyAsync(() -> repeated(x, cotangent)),
                CompletableFuture.supplyAsync(() -> repeated(x, cotangent)));
        assertThat(repeated(x, cotangent)).isEqualTo(alone);
        others.forEach(other -> assertThat(other.join()).isEqualTo(alone));
    }

    private static float[] repeated(float[] x, float[] cotangent) {
        float[] last = gradient(Tape.Memory.ALL, x, cotangent);
        for (int i = 0; i < 50; i++) {
            assertThat(gradient(Tape.Memory.BLOCK_INPUTS, x, cotangent)).isEqualTo(last);
        }
        return last;
    }

    /** DJL's own operators on numbers fail this: they hand PyTorch memory that Java may free. */
    @Test
    void survivesGarbageCollectionBetweenForwardAndBackward() {
        float[] x = numbers(64, 7);
        float[] ones = new float[64];
        java.util.Arrays.fill(ones, 1);
        try (var scope = runtime.scope()) {
            Tape tape = scope.tape(Tape.Memory.ALL);
            Value input = tape.variable(scope.tensor(x, 64));
            Value product = tape.call("affine", tape.call("soft_clamp", input), 0.5, 0.0);
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            float[] gradient = tape.gradients(Map.of(product, scope.tensor(ones, 64)), List.of(input))
                    .get(0)
                    .toFloatArray();
            for (int i = 0; i < 64; i++) {
                double t = Math.tanh(x[i] / 3);
                assertThat((double) gradient[i]).isCloseTo(0.5 * (1 - t * t), within(1e-6));
            }
        }
    }

    @Test
    void freesEverythingWithTheScope() {
        int before = runtime.liveArrays();
        gradient(Tape.Memory.ALL, numbers(10, 8), numbers(10, 9));
        assertThat(runtime.liveArrays()).isEqualTo(before);
    }

    /** Wide convolutions on few cells take another way than others; compared with the definition. */
    @Test
    void wideConvolutionsOnFewCellsEqualTheDefinition() {
        int channels = 480;
        int rows = 3;
        int columns = 5;
        float[] x = numbers(channels * rows * columns, 10);
        float[] weight = numbers(channels * channels * 9, 11);
        float[] bias = numbers(channels, 12);
        float[] y;
        try (var scope = runtime.scope()) {
            y = scope.call(
                            "conv3",
                            scope.tensor(x, 1, channels, rows, columns),
                            scope.tensor(weight, channels, channels, 3, 3),
                            scope.tensor(bias, channels))
                    .toFloatArray();
        }
        for (int out = 0; out < channels; out += 97) {
            for (int cell = 0; cell < rows * columns; cell++) {
                double sum = bias[out];
                for (int in = 0; in < channels; in++) {
                    for (int k = 0; k < 9; k++) {
                        int r = cell / columns + k / 3 - 1;
                        int c = cell % columns + k % 3 - 1;
                        if (r >= 0 && r < rows && c >= 0 && c < columns) {
                            sum += (double) weight[(out * channels + in) * 9 + k] * x[(in * rows + r) * columns + c];
                        }
                    }
                }
                assertThat((double) y[out * rows * columns + cell]).isCloseTo(sum, within(2e-3));
            }
        }
    }

    @Test
    void refusesGradientsOfInputsWithoutInfluence() {
        try (var scope = runtime.scope()) {
            Tape tape = scope.tape(Tape.Memory.ALL);
            Value x = tape.variable(scope.tensor(new float[] {1}, 1));
            Value y = tape.variable(scope.tensor(new float[] {1}, 1));
            Value out = tape.call("soft_clamp", x);
            assertThatThrownBy(() -> tape.gradients(Map.of(out, scope.tensor(new float[] {1}, 1)), List.of(y)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Numbers of the anti-aliased operator from 16 to 36 cells, worked out from its definition (Keys, a = −0.5). */
    @Test
    void resamplesPositionsInBothWays() {
        float[] weights = positionWeights(true);
        assertThat((double) weights[17 * 16 + 6]).isCloseTo(-.072445, within(2e-6));
        assertThat((double) weights[17 * 16 + 7]).isCloseTo(.839249, within(2e-6));
        assertThat((double) weights[17 * 16 + 9]).isCloseTo(-.027864, within(2e-6));
        assertThat((double) weights[0]).isCloseTo(1.094477, within(2e-6));
        float[] plain = positionWeights(false);
        assertThat((double) plain[17 * 16 + 6]).isCloseTo(-.108668, within(2e-6));
        assertThat((double) plain[17 * 16 + 7]).isCloseTo(.853181, within(2e-6));
    }

    /** A table whose channel k is 1 in column k: resampled, its first row of cells shows the weights [to][from]. */
    private static float[] positionWeights(boolean antialiased) {
        var table = new float[257 * 16];
        for (int cell = 0; cell < 256; cell++) {
            table[(1 + cell) * 16 + cell % 16] = 1;
        }
        try (var scope = runtime.scope()) {
            float[] all = scope.call("positions_at", scope.tensor(table, 257, 16), 36, 36, antialiased)
                    .toFloatArray();
            return java.util.Arrays.copyOfRange(all, 16, 16 + 36 * 16);
        }
    }
}
