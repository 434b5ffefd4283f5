// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchedulerRunTest {
    /** Two steps: x₁ = x₀ + 2·o₀, then x₂ = (the state before the first step) + 10·o₁ + 100·o₀ + z. */
    private static final SchedulePlan PLAN = new SchedulePlan(
            2,
            0,
            1,
            1,
            1,
            List.of(
                    new Step(9, 0.5, List.of(1.0), List.of(2.0), 0, false, 1, 0),
                    new Step(4, 1, List.of(0.0, 1.0), List.of(10.0, 100.0), 1, true, 1, 0)));

    private final SchedulerRun run = new SchedulerRun(PLAN, new float[] {1, 2});

    @Test
    void rejectsArraysOfAnotherLength() {
        assertThatThrownBy(() -> run.advance(new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("output must have 2 values but had 3");
        assertThatThrownBy(() -> run.replaceSample(new float[1])).hasMessage("latents must have 2 values but had 1");
        run.advance(new float[2]);
        assertThatThrownBy(() -> run.advance(new float[2], new float[0]))
                .hasMessage("noise must have 2 values but had 0");
    }

    @Test
    void rejectsAStepWithoutTheNoiseThatItNeeds() {
        run.advance(new float[2]);
        assertThatThrownBy(() -> run.advance(new float[2]))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("step 1 needs noise");
    }

    @Test
    void rejectsAStepAfterTheLast() {
        run.advance(new float[2]);
        run.advance(new float[2], new float[2]);
        assertThat(run.isFinished()).isTrue();
        assertThatThrownBy(run::modelInput)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("all 2 steps of the run were made");
        assertThatThrownBy(() -> run.advance(new float[2])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void sumsSamplesOutputsAndNoise() {
        assertThat(run.modelInput()).containsExactly(0.5f, 1);
        assertThat(run.advance(new float[] {1, -1})).containsExactly(3, 0);
        assertThat(run.index()).isEqualTo(1);
        assertThat(run.advance(new float[] {3, 5}, new float[] {0.25f, 0})).containsExactly(131.25f, -48);
        assertThat(run.sample()).containsExactly(131.25f, -48);
    }

    @Test
    void remembersTheStateThatWasSteppedFromAndNotWhatWasBlendedAfterwards() {
        run.replaceSample(new float[] {7, 7});
        run.advance(new float[2]);
        run.replaceSample(new float[] {1000, 1000});
        assertThat(run.advance(new float[2], new float[2])).containsExactly(7, 7);
    }

    @Test
    void ownsItsArrays() {
        float[] latents = {5, 5};
        run.replaceSample(latents);
        latents[0] = 99;
        float[] output = {1, 1};
        run.advance(output)[0] = 99;
        output[0] = 99;
        run.sample()[0] = 99;
        assertThat(run.sample()).containsExactly(7, 7);
        assertThat(run.advance(new float[2], new float[2])).containsExactly(105, 105);
    }
}
