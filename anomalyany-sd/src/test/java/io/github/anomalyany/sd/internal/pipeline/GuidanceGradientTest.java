// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.sd.StableDiffusionOptions.Memory;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Loss;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.RefinementTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The losses of guidance and their gradients, in single precision, against central differences of the same losses that PyTorch
 * computed in double precision (testdata/goldens/gradients): with respect to the scheduler's own state and to the embeddings, for
 * ε- and v-prediction, for DDIM and for Euler's scaled state, on square and other grids.
 */
class GuidanceGradientTest {
    /**
     * Largest |Σ g·d − difference| / |difference|. Stricter than the same share of |g|·|d|, by which a wrong coordinate of a
     * thousand would go unseen; the files have no direction that is nearly orthogonal to the gradient.
     */
    private static final double BAR = 1e-4;

    private static final double LOSS_TOLERANCE = 1e-6;

    static List<GoldenFile> cases() {
        return Goldens.own().files("gradients");
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossesHaveTheSlopesOfTheirCentralDifferences(GoldenFile golden) {
        try (var guided = new GuidedSamples(golden)) {
            int[] positions = guided.words().stream()
                    .flatMap(word -> word.positions().stream())
                    .mapToInt(p -> p)
                    .toArray();
            assertThat(positions).isEqualTo(golden.out("word_positions").toInts());
            Sample sample = guided.start(0);
            for (Memory memory : Memory.values()) {
                var ours = Map.of(
                        "attention", guided.attention(sample, memory),
                        "image", guided.image(sample, RefinementTarget.LATENT, memory),
                        "predicted", guided.image(sample, RefinementTarget.PREDICTED_ORIGINAL, memory));
                compare(golden, memory + " ", ours);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void promptLossesHaveTheSlopesOfTheirCentralDifferences(GoldenFile golden) {
        float[] text = golden.in("text").toFloats();
        float[] description = golden.in("description").toFloats();
        int positions = golden.in("text").shape(1);
        int width = golden.in("text").shape(2);
        LossAndGradient overWidth = PromptLoss.overWidth(second(text), second(description), width);
        LossAndGradient overPositions = PromptLoss.overPositions(text, description, positions, width);
        var ours = Map.of(
                "prompt_width", new Loss(overWidth.loss(), new float[0], overWidth.gradient()),
                "prompt_positions", new Loss(overPositions.loss(), new float[0], overPositions.gradient()));
        compare(golden, "", ours);
    }

    @Test
    void aSamplesGradientsDoNotDependOnTheOthersOfItsBatch() {
        try (var guided = new GuidedSamples(Goldens.own().file("gradients/v-euler.safetensors"))) {
            Sample sample = guided.start(0);
            Sample other = guided.start(1);
            float[] latents = other.run().sample();
            for (int i = 0; i < latents.length / 2; i++) {
                latents[i] = -latents[i];
            }
            other.run().replaceSample(latents);
            List<Loss> alone = all(guided, sample);
            List<Loss> others = all(guided, other);
            List<Loss> after = all(guided, sample);
            for (int i = 0; i < alone.size(); i++) {
                assertThat(others.get(i).latents()).isNotEqualTo(alone.get(i).latents());
                assertThat(after.get(i).latents()).isEqualTo(alone.get(i).latents());
                assertThat(after.get(i).text()).isEqualTo(alone.get(i).text());
            }
        }
    }

    private static List<Loss> all(GuidedSamples guided, Sample sample) {
        return List.of(
                guided.attention(sample, Memory.FAST),
                guided.image(sample, RefinementTarget.LATENT, Memory.FAST),
                guided.image(sample, RefinementTarget.PREDICTED_ORIGINAL, Memory.FAST));
    }

    private static float[] second(float[] both) {
        return Arrays.copyOfRange(both, both.length / 2, both.length);
    }

    /** Compares all that the golden has of some losses: {@code <loss>.loss}, {@code <loss>.<variable>.<kind>}. */
    private static void compare(GoldenFile golden, String how, Map<String, Loss> ours) {
        var wrong = new ArrayList<String>();
        for (String name : ours.keySet()) {
            assertThat(golden.outputs()).as(golden.name()).contains(name + ".loss");
        }
        for (String output : golden.outputs()) {
            String[] parts = output.split("\\.", -1);
            Loss loss = ours.get(parts[0]);
            if (loss == null) {
                continue;
            }
            double[] expected = golden.out(output).toDoubles();
            if (parts.length == 2) {
                check(wrong, output, loss.value(), expected[0], LOSS_TOLERANCE);
                continue;
            }
            float[] gradient = parts[1].equals("latents") ? loss.latents() : loss.text();
            for (int i = 0; i < expected.length; i++) {
                double slope = slope(gradient, golden.in(output), i, parts[2]);
                check(wrong, output + "[" + i + "]", slope, expected[i], BAR * Math.abs(expected[i]));
            }
        }
        assertThat(wrong).as(how + golden.about()).isEmpty();
    }

    private static double slope(float[] gradient, GoldenTensor where, int i, String kind) {
        if (kind.equals("coordinates")) {
            return gradient[(int) where.at(i)];
        }
        GoldenTensor direction = where.get(i);
        assertThat(gradient).hasSize(direction.size());
        double slope = 0;
        for (int k = 0; k < gradient.length; k++) {
            slope += gradient[k] * direction.at(k);
        }
        return slope;
    }

    private static void check(List<String> wrong, String what, double ours, double expected, double tolerance) {
        if (!(Math.abs(ours - expected) <= tolerance)) {
            wrong.add("%s: %.9g instead of %.9g, relative error %.1e"
                    .formatted(what, ours, expected, Math.abs(ours - expected) / Math.abs(expected)));
        }
    }
}
