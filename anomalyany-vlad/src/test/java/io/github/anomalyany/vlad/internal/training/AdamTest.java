// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.golden.JsonReader;
import io.github.anomalyany.vlad.TrainingSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Adam and the schedule against PyTorch's; the numbers come from {@code make_adam.py}. */
class AdamTest {
    private static final Map<String, Object> NUMBERS = read();

    private static Map<String, Object> read() {
        try (var json = Objects.requireNonNull(AdamTest.class.getResourceAsStream("adam.json"))) {
            return JsonReader.object(new String(json.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Map<String, Object>> cases() {
        return list(NUMBERS.get("cases")).stream().map(JsonReader::asObject);
    }

    private static TrainingSettings settings(Map<String, Object> wanted) {
        var betas = list(wanted.get("betas"));
        return TrainingSettings.builder()
                .epochs((int) number(NUMBERS.get("epochs")))
                .learningRate(number(wanted.get("rate")))
                .betas(number(betas.get(0)), number(betas.get(1)))
                .weightDecay(number(wanted.get("decay")))
                .gradientNorm(number(wanted.get("norm")))
                .build();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stepsAsPyTorch(Map<String, Object> wanted) {
        var settings = settings(wanted);
        var parameters = arrays(wanted.get("start"));
        var adam = new Adam(settings, parameters, zeros(parameters), zeros(parameters), 0);
        var gradients = list(wanted.get("gradients"));
        var after = list(wanted.get("after"));
        int steps = (int) number(NUMBERS.get("steps"));
        assertThat(gradients).hasSize(settings.epochs() * steps);
        for (int i = 0; i < gradients.size(); i++) {
            adam.step(arrays(gradients.get(i)), settings.learningRate(i / steps));
            var expected = arrays(after.get(i));
            for (int p = 0; p < expected.size(); p++) {
                assertThat(parameters.get(p))
                        .as("%s, parameters[%d] after step %d", wanted.get("name"), p, i)
                        .containsExactly(expected.get(p), within(1e-6f));
            }
        }
        assertThat(adam.steps()).isEqualTo(gradients.size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theRateFollowsPyTorchsCosine(Map<String, Object> wanted) {
        var settings = settings(wanted);
        var rates = list(wanted.get("rates"));
        for (int epoch = 0; epoch < rates.size(); epoch++) {
            double rate = number(rates.get(epoch));
            assertThat(settings.learningRate(epoch)).as("epoch %d", epoch).isCloseTo(rate, within(1e-12 * rate));
        }
    }

    @Test
    void thePapersRateFollowsPyTorchsCosine() {
        var rates = list(NUMBERS.get("paper"));
        assertThat(rates).hasSize(TrainingSettings.paper().epochs());
        for (int epoch = 0; epoch < rates.size(); epoch++) {
            assertThat(TrainingSettings.paper().learningRate(epoch))
                    .as("epoch %d", epoch)
                    .isCloseTo(number(rates.get(epoch)), within(1e-15));
        }
    }

    @Test
    void goesOnAfterStepsAsIfThereHadBeenNoBreak() {
        var wanted = cases().reduce((first, second) -> second).orElseThrow();
        var settings = settings(wanted);
        var gradients = list(wanted.get("gradients"));
        var parameters = arrays(wanted.get("start"));
        var means = zeros(parameters);
        var squares = zeros(parameters);
        var first = new Adam(settings, parameters, means, squares, 0);
        for (int i = 0; i < 7; i++) {
            first.step(arrays(gradients.get(i)), 0.01);
        }
        var later = copies(parameters);
        var second = new Adam(settings, later, copies(means), copies(squares), first.steps());
        for (int i = 7; i < 20; i++) {
            first.step(arrays(gradients.get(i)), 0.01);
            second.step(arrays(gradients.get(i)), 0.01);
        }
        for (int p = 0; p < later.size(); p++) {
            assertThat(later.get(p)).containsExactly(parameters.get(p));
        }
    }

    @Test
    void leavesParametersWithoutGradientWhereTheyAre() {
        var parameters = List.of(new float[] {1, -2});
        new Adam(TrainingSettings.sdk(), parameters, zeros(parameters), zeros(parameters), 0)
                .step(zeros(parameters), 0.1);
        assertThat(parameters.get(0)).containsExactly(1, -2);
    }

    private static List<Object> list(@Nullable Object value) {
        return JsonReader.asList(value);
    }

    private static double number(@Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).doubleValue();
    }

    private static List<float[]> arrays(@Nullable Object value) {
        var arrays = new ArrayList<float[]>();
        for (Object row : list(value)) {
            var numbers = list(row);
            float[] array = new float[numbers.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = (float) number(numbers.get(i));
            }
            arrays.add(array);
        }
        return arrays;
    }

    private static List<float[]> zeros(List<float[]> like) {
        return like.stream().map(array -> new float[array.length]).toList();
    }

    private static List<float[]> copies(List<float[]> arrays) {
        return arrays.stream().map(float[]::clone).toList();
    }
}
