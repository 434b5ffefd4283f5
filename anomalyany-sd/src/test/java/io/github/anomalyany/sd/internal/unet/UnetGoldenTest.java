// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.djl.RuntimeTest;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The UNet against diffusers: prediction, attention, and gradients of an attention loss and of the prediction. */
class UnetGoldenTest extends RuntimeTest {
    static Stream<Arguments> cases() {
        return Goldens.open().files("unet").stream()
                .flatMap(file ->
                        Stream.of(Tape.Memory.ALL, Tape.Memory.BLOCK_INPUTS).map(m -> Arguments.of(file, m)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsDiffusers(GoldenFile golden, Tape.Memory memory) {
        String stem = golden.stem();
        var folder = Goldens.open().path("models/" + stem.substring(0, stem.lastIndexOf('-')) + "/unet");
        try (var unet = Unet.load(runtime, folder)) {
            golden.verify(check -> compare(golden, unet, memory, check));
        }
    }

    private static void compare(GoldenFile golden, Unet unet, Tape.Memory memory, GoldenCheck check) {
        UnetInput both = input(golden);
        check.compare("sample", unet.predict(both));
        compareMaps(golden, unet, both, check);
        try (var pass = unet.run(both, memory)) {
            check.compare(
                    "full.loss",
                    dot(pass.prediction(), golden.in("output_weights").toFloats()));
            var gradients = pass.predictionGradients(golden.in("output_weights").toFloats());
            check.compare("full.grad_latents", gradients.latents());
            check.compare("full.grad_text", gradients.text());
        }
        compareAttention(golden, unet, both, memory, check);
    }

    private static void compareMaps(GoldenFile golden, Unet unet, UnetInput both, GoldenCheck check) {
        List<String> wanted = golden.outputs().stream()
                .filter(name -> name.startsWith("maps"))
                .map(name -> name.substring(name.indexOf('.') + 1))
                .toList();
        try (var pass = unet.probe(both, wanted)) {
            for (String name : wanted) {
                float[] map = pass.probabilities(name);
                if (golden.hasOut("maps." + name)) {
                    check.compare("maps." + name, map);
                } else {
                    check.compare(
                            "maps_mean." + name,
                            meanOverHeadsOfRowOne(
                                    map, golden.out("maps_mean." + name).shape()));
                }
            }
        }
    }

    private static float[] meanOverHeadsOfRowOne(float[] map, int[] shape) {
        int size = shape[0] * shape[1];
        int heads = map.length / size / 2;
        var mean = new float[size];
        for (int head = 0; head < heads; head++) {
            for (int i = 0; i < size; i++) {
                mean[i] += map[(heads + head) * size + i] / heads;
            }
        }
        return mean;
    }

    /** Row 1 is the conditional sample; a loss pass sees it alone, so row 0 has no gradient. */
    private static void compareAttention(
            GoldenFile golden, Unet unet, UnetInput both, Tape.Memory memory, GoldenCheck check) {
        UnetInput conditional = new UnetInput(
                both.height(),
                both.width(),
                Arrays.copyOfRange(both.timesteps(), 1, 2),
                secondHalf(both.latents()),
                secondHalf(both.text()));
        int[] grid = golden.in("mask").shape();
        var word =
                new AttentionMaps.Word("word", List.of((int) golden.in("token").item()));
        try (var pass = unet.attend(conditional, memory)) {
            float[] attention = pass.attention(0);
            int positions = golden.out("attention.mean").shape(2);
            var maps = new AttentionMaps(
                    positions,
                    grid[0],
                    grid[1],
                    attention,
                    List.of(word),
                    golden.in("mask").toFloats());
            check.compare("attention.mean", positionsLast(attention, positions));
            check.compare("attention.smoothed", smoothedPositionsLast(maps));
            var loss = AttentionLoss.maxPerWord().evaluate(maps, new StepInfo(0, 1, 0, 0));
            check.compare("attention.loss", loss.loss());
            var gradients = pass.attentionGradients(loss.gradient());
            check.compare("attention.grad_latents", afterZeros(gradients.latents()));
            check.compare("attention.grad_text", afterZeros(gradients.text()));
        }
        try (var pass = unet.run(both, Tape.Memory.INFERENCE)) {
            assertThat(pass.attention(1)).hasSize(golden.out("attention.mean").toFloats().length);
        }
    }

    private static UnetInput input(GoldenFile golden) {
        int[] shape = golden.in("latents").shape();
        float[] given = golden.in("timestep").toFloats();
        var timesteps = new float[shape[0]];
        for (int i = 0; i < timesteps.length; i++) {
            timesteps[i] = given[Math.min(i, given.length - 1)];
        }
        return new UnetInput(
                shape[2],
                shape[3],
                timesteps,
                golden.in("latents").toFloats(),
                golden.in("encoder_hidden_states").toFloats());
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    private static float[] secondHalf(float[] values) {
        return Arrays.copyOfRange(values, values.length / 2, values.length);
    }

    private static float[] afterZeros(float[] values) {
        var both = new float[2 * values.length];
        System.arraycopy(values, 0, both, values.length, values.length);
        return both;
    }

    private static float[] smoothedPositionsLast(AttentionMaps maps) {
        var smoothed = SmoothedAttention.of(maps);
        int cells = maps.rows() * maps.columns();
        var all = new float[(maps.positions() - 2) * cells];
        for (int p = 1; p < maps.positions() - 1; p++) {
            System.arraycopy(smoothed.map(p), 0, all, (p - 1) * cells, cells);
        }
        return positionsLast(all, maps.positions() - 2);
    }

    private static float[] positionsLast(float[] values, int positions) {
        int cells = values.length / positions;
        var turned = new float[values.length];
        for (int p = 0; p < positions; p++) {
            for (int cell = 0; cell < cells; cell++) {
                turned[cell * positions + p] = values[p * cells + cell];
            }
        }
        return turned;
    }
}
