// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.strategy.LossAndGradient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** What the contracts of all strategies check. */
public final class StrategyChecks {
    private StrategyChecks() {}

    /**
     * Provenance takes one line, and equal strategies say the same.
     *
     * @param description of a strategy
     */
    public static void assertOneLine(Supplier<String> description) {
        assertThat(description.get()).isNotBlank().doesNotContain("\n", "\r");
        assertThat(description.get()).isEqualTo(description.get());
    }

    /**
     * A call gives an equal result again, and so it does on two threads at once.
     *
     * @param call gives something that can be compared
     * @param <T> what it gives
     * @throws Exception what the call throws
     */
    public static <T> void assertPure(Callable<T> call) throws Exception {
        T first = call.call();
        assertThat(call.call()).as("the same call again").isEqualTo(first);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (var result : threads.invokeAll(List.of(call, call))) {
                assertThat(result.get()).as("on two threads at once").isEqualTo(first);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /**
     * The numbers as bits, to compare exactly.
     *
     * @param values the numbers
     * @return the bits of each
     */
    public static List<Integer> bits(float[] values) {
        var bits = new ArrayList<Integer>(values.length);
        for (float value : values) {
            bits.add(Float.floatToRawIntBits(value));
        }
        return bits;
    }

    /**
     * The loss and its gradient as bits, to compare exactly.
     *
     * @param loss the loss
     * @return its bits and the bits of each number of the gradient
     */
    public static List<Object> bits(LossAndGradient loss) {
        return List.of(Double.doubleToRawLongBits(loss.loss()), bits(loss.gradient()));
    }

    /**
     * Neither the loss nor a number of the gradient is infinite or NaN.
     *
     * @param loss the loss
     * @param when for the message
     */
    public static void assertFinite(LossAndGradient loss, String when) {
        assertThat(loss.loss()).as("loss, %s", when).isFinite();
        for (float g : loss.gradient()) {
            assertThat(g).as("gradient, %s", when).isFinite();
        }
    }
}
