// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditioningTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.stableDiffusion();

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1.01, Double.NaN})
    void refusesStrengthsAndNoiseLevelsOutOfRange(double value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Conditioning.strength(value))
                .withMessageContaining("(0, 1] but was " + value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Conditioning.noiseLevel(value))
                .withMessageContaining("(0, 1] but was " + value);
    }

    /** steps − ⌊steps·γ⌋, cut from a product of doubles, but never no step at all. */
    @ParameterizedTest
    @CsvSource({"100, .25, 75", "200, .3, 140", "20, .3, 14", "50, 1, 0", "10, .01, 9", "7, .3, 5", "1, .5, 0"})
    void startsWhereTheShareOfStepsBegins(int steps, double gamma, int index) {
        var whole = NoiseScheduler.ddim().plan(SCHEDULE, steps, 0);
        assertThat(Conditioning.strength(gamma).startIndex(whole, SCHEDULE)).isEqualTo(index);
    }

    @Test
    void aQuarterOfPndmsListStartsAtTimestep251() {
        var whole = NoiseScheduler.pndm().plan(SCHEDULE, 100, 0);
        int index = Conditioning.strength(.25).startIndex(whole, SCHEDULE);
        assertThat(whole.steps().get(index).timestep()).isEqualTo(251);
        assertThat(Math.sqrt(1 - SCHEDULE.alphaCumulative(251))).isCloseTo(.572581, within(1e-6));
    }

    @ParameterizedTest
    @ValueSource(doubles = {.1, .57, .9})
    void startsAtTheNearestNoiseLevel(double sigma) {
        var whole = NoiseScheduler.ddim().plan(SCHEDULE, 200, 0);
        int index = Conditioning.noiseLevel(sigma).startIndex(whole, SCHEDULE);
        double reached = level(whole, index);
        for (int i = 0; i < whole.steps().size(); i++) {
            assertThat(Math.abs(reached - sigma)).isLessThanOrEqualTo(Math.abs(level(whole, i) - sigma));
        }
    }

    private static double level(SchedulePlan plan, int index) {
        return Math.sqrt(
                1 - SCHEDULE.alphaCumulative((int) plan.steps().get(index).timestep()));
    }

    @Test
    void keepsTheLatentsInsideTheRegionAndTheNoisedPictureOutside() {
        float[] blended = Conditioning.strength(1).blend(new float[] {1, 2, 3, 4}, surroundings());
        assertThat(blended).containsExactly(1, 9.75f, 3, 19.75f);
    }

    private static Surroundings surroundings() {
        return new Surroundings(
                new float[] {10, 20, 30, 40},
                new float[] {1, -1, 1, -1},
                new float[] {1, 0},
                1,
                2,
                0.1,
                0.2,
                0.5,
                0.25,
                () -> new float[] {1, 2, 3, 4});
    }

    @Test
    void theReleasedCodeNoisesTheBackgroundAfreshToTheTimestepTheStepCameFrom() {
        float[] blended = Conditioning.released(0.3).blend(new float[] {1, 2, 3, 4}, surroundings());
        assertThat(blended).containsExactly(1, 2.4f, 3, 4.8f);
    }

    @Test
    void theReleasedCodeSamplesTheNormalPicturesLatents() {
        float[] mean = {1, 2};
        float[] deviation = {0.5f, 2};
        assertThat(Conditioning.released(0.3).normalLatents(mean, deviation, () -> new float[] {1, -1}))
                .containsExactly(1.5f, 0);
        assertThat(Conditioning.strength(0.3).normalLatents(mean, deviation, () -> new float[] {1, -1}))
                .containsExactly(1, 2);
    }

    @Test
    void startsFromThePictureWithNoise() {
        assertThat(Conditioning.strength(1).start(new float[] {10, 20}, new float[] {1, -1}, 0.5, 0.25))
                .containsExactly(5.25f, 9.75f);
    }
}
