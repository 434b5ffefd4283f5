// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.noise.NoiseSource.Purpose;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class NoiseSourceTest {
    @Test
    void rejectsCountersAndKeysOfAnotherLength() {
        assertThatThrownBy(() -> Philox.block(new int[3], new int[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("counter must have 4 words and key 2 but they had 3 and 2");
    }

    @Test
    void philoxDependsOnEverySeedImagePurposeAndStepAndOnNothingElse() {
        var seen = new HashSet<String>();
        for (long seed : new long[] {0, 1, 1L << 32, -1}) {
            for (int image = 0; image < 3; image++) {
                for (Purpose purpose : Purpose.values()) {
                    for (int step = 0; step < 3; step++) {
                        float[] values = NoiseSource.philox().open(seed, image).normal(purpose, step, 6);
                        assertThat(seen.add(Arrays.toString(values)))
                                .as("seed %d, image %d, %s, step %d", seed, image, purpose, step)
                                .isTrue();
                    }
                }
            }
        }
        var stream = NoiseSource.philox().open(5, 1);
        float[] later = stream.normal(Purpose.STEP, 9, 10);
        stream.normal(Purpose.STEP, 8, 1000);
        assertThat(stream.normal(Purpose.STEP, 9, 10)).containsExactly(later);
        assertThat(stream.normal(Purpose.STEP, 9, 7)).containsExactly(Arrays.copyOf(later, 7));
    }

    /** Pictures of a seed must stay what they are: these numbers were computed by another program too. */
    @Test
    void philoxKeepsItsNumbers() {
        assertThat(NoiseSource.philox().open(42, 1).normal(Purpose.BACKGROUND, 2, 5))
                .containsExactly(-0.3066745f, 0.14364062f, -0.64791745f, 0.37978745f, -0.021259326f);
    }

    @Test
    void torchContinuesOneSequenceForAnImage() {
        var stream = NoiseSource.torch().open(40, 2);
        var generator = new TorchNoise(42);
        assertThat(stream.normal(Purpose.POSTERIOR, 0, 20)).containsExactly(generator.normal(20));
        assertThat(stream.normal(Purpose.INITIAL, 0, 3)).containsExactly(generator.normal(3));
        assertThat(stream.normal(Purpose.STEP, 5, 3)).containsExactly(generator.normal(3));
    }

    @Test
    void torchLooksAtTheLowWordOfTheSeedOnly() {
        assertThat(new TorchNoise((1L << 32) + 7).normal(40)).containsExactly(new TorchNoise(7).normal(40));
    }
}
