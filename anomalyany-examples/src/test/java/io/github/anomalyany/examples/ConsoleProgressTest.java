// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.GenerationListener.StepEvent;
import io.github.anomalyany.image.RgbImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(written, true, UTF_8);

    @Test
    void writesALineEveryFewStepsAndAtTheEnd() {
        var progress = new ConsoleProgress(out, false);
        for (int step = 0; step < 12; step++) {
            progress.onStep(
                    event(0, 1, step, OptionalDouble.empty(), Duration.ofSeconds(step), Duration.ofSeconds(65)));
        }

        assertThat(written.toString(UTF_8).lines())
                .containsExactly(
                        "step 5 of 12, 4 s gone, about 1 min 5 s left",
                        "step 10 of 12, 9 s gone, about 1 min 5 s left",
                        "step 12 of 12, 11 s gone, about 1 min 5 s left");
    }

    @Test
    void namesImageAndLossWhereThereAreSome() {
        new ConsoleProgress(out, false)
                .onStep(event(1, 3, 11, OptionalDouble.of(0.25), Duration.ofMillis(1499), Duration.ofMillis(1500)));

        assertThat(written.toString(UTF_8).strip())
                .isEqualTo("image 2 of 3, step 12 of 12, attention loss 0.250, 1 s gone, about 2 s left");
    }

    @Test
    void writesOverItsLineOnAConsole() {
        var progress = new ConsoleProgress(out, true);
        progress.onStep(event(0, 1, 0, OptionalDouble.empty(), Duration.ZERO, Duration.ofSeconds(10)));
        progress.onStep(event(0, 1, 1, OptionalDouble.empty(), Duration.ZERO, Duration.ofSeconds(9)));

        assertThat(written.toString(UTF_8))
                .isEqualTo("\rstep 1 of 12, 0 s gone, about 10 s left\rstep 2 of 12, 0 s gone, about 9 s left ");
    }

    private static StepEvent event(
            int image, int images, int step, OptionalDouble loss, Duration elapsed, Duration remaining) {
        return new StepEvent(
                image,
                images,
                step,
                12,
                251,
                loss,
                OptionalDouble.empty(),
                elapsed,
                remaining,
                () -> RgbImage.of(1, 1, new byte[3]));
    }
}
