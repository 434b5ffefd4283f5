// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.github.anomalyany.djl.Tape.Value;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /** Convolutions of each kind that {@code conv3_back} tells apart: few weights, many, and many on few cells. */
    @ParameterizedTest
    @CsvSource({"6, 7, 5", "340, 17, 18", "480, 5, 3"})
    void waysBackOfTheirOwnEqualPyTorchs(int c, int rows, int columns) {
        try (var scope = runtime.scope()) {
            PtNDArray x = random(scope, 1, c, rows, columns);
            PtNDArray skip = random(scope, 1, c, rows, columns);
            PtNDArray time = random(scope, 1, 4);
            BlockWeights convolution = weights(scope, new long[] {c, c, 3, 3}, new long[] {c});
            compareWaysBack(scope, "convolve", List.of(x), convolution);
            compareWaysBack(scope, "upsample", List.of(x), 2 * rows, 2L * columns - 1, convolution);
            BlockWeights normed =
                    weights(scope, new long[] {c}, new long[] {c}, new long[] {c, c, 3, 3}, new long[] {c});
            compareWaysBack(scope, "norm_convolve", List.of(x), normed, 2, 1e-5);
            BlockWeights resnet = weights(
                    scope,
                    new long[] {2L * c},
                    new long[] {2L * c},
                    new long[] {c, 2L * c, 3, 3},
                    new long[] {c},
                    new long[] {c},
                    new long[] {c},
                    new long[] {c, c, 3, 3},
                    new long[] {c},
                    new long[] {c, 4},
                    new long[] {c},
                    new long[] {c, 2L * c, 1, 1},
                    new long[] {c});
            compareWaysBack(scope, "resnet_timed_joined", List.of(x, skip), time, resnet, 2, 1e-5);
            List.of(convolution, normed, resnet).forEach(BlockWeights::close);
        }
    }

    /** Of a transformer; 4000 tokens make the feed-forward work in parts. */
    @ParameterizedTest
    @CsvSource({"12, true", "12, false", "4000, true"})
    void waysBackOfTransformersEqualPyTorchs(int tokens, boolean linear) {
        int c = 8 * 24;
        try (var scope = runtime.scope()) {
            PtNDArray h = random(scope, 1, tokens, c);
            PtNDArray x = random(scope, 1, c, tokens / 4, 4);
            PtNDArray text = random(scope, 1, 7, 10);
            long[] row = {c};
            long[] square = {c, c};
            BlockWeights self = weights(scope, row, row, square, square, square, square, row);
            compareWaysBack(scope, "self_attention", List.of(h), self, 3);
            BlockWeights cross = weights(scope, row, row, square, new long[] {c, 10}, new long[] {c, 10}, square, row);
            compareWaysBack(scope, "cross_attention", List.of(h, text), cross, 3);
            BlockWeights feed =
                    weights(scope, row, row, new long[] {8L * c, c}, new long[] {8L * c}, new long[] {c, 4L * c}, row);
            compareWaysBack(scope, "feed_forward", List.of(h), feed);
            long[] projection = linear ? square : new long[] {c, c, 1, 1};
            BlockWeights in = weights(scope, row, row, projection, row);
            compareWaysBack(scope, "tokens_in", List.of(x), in, 4, linear);
            BlockWeights out = weights(scope, projection, row);
            compareWaysBack(scope, "tokens_out", List.of(h, x), out, linear);
            List.of(self, cross, feed, in, out).forEach(BlockWeights::close);
        }
    }

    private static PtNDArray random(TensorScope scope, long... shape) {
        int count = (int) LongStream.of(shape).reduce(1, (a, b) -> a * b);
        return scope.tensor(numbers(count, 13 + count), shape);
    }

    private static BlockWeights weights(TensorScope scope, long[]... shapes) {
        return new BlockWeights(IValue.listFrom(
                Stream.of(shapes).map(shape -> random(scope, shape)).toArray(PtNDArray[]::new)));
    }

    /** A kernel's gradients for its first arguments, by its own way back and by PyTorch's differentiation of it. */
    private static void compareWaysBack(TensorScope scope, String kernel, List<PtNDArray> inputs, Object... others) {
        Tape tape = scope.tape(Tape.Memory.ALL);
        List<Value> variables = inputs.stream().map(tape::variable).toList();
        Object[] arguments = Stream.concat(variables.stream(), Stream.of(others))
                .map(o -> o instanceof PtNDArray constant ? tape.constant(constant) : o)
                .toArray();
        Value out = tape.call(kernel, arguments);
        PtNDArray cotangent = random(scope, out.data().getShape().getShape());
        List<PtNDArray> own = tape.gradients(Map.of(out, scope.call("own", cotangent)), variables);

        inputs.forEach(input -> input.setRequiresGradient(true));
        Object[] bare = Stream.concat(inputs.stream(), Stream.of(others)).toArray();
        PtNDArray[] leaves = inputs.toArray(PtNDArray[]::new);
        var kernels = runtime.kernels();
        PtNDArray[] outputs = kernels.all(cotangent.getManager(), true, kernel, bare);
        PtNDArray[] expected =
                kernels.all(cotangent.getManager(), false, "vjp", outputs, leaves, new PtNDArray[] {cotangent});
        inputs.forEach(input -> input.setRequiresGradient(false));
        for (int i = 0; i < expected.length; i++) {
            float[] wanted = expected[i].toFloatArray();
            float[] found = own.get(i).toFloatArray();
            double error = 0;
            double norm = 0;
            for (int k = 0; k < wanted.length; k++) {
                error += Math.pow((double) found[k] - wanted[k], 2);
                norm += Math.pow(wanted[k], 2);
            }
            assertThat(Math.sqrt(error / norm)).as(kernel + ", input " + i).isLessThan(1e-5);
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
