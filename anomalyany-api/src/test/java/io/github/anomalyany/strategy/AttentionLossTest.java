// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttentionLossTest {
    private static final StepInfo STEP = new StepInfo(0, 25, 251, 0);

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    /** Probabilities over positions in each cell, with grids of odd shapes and words of several pieces. */
    private static AttentionMaps maps(long seed) {
        var random = new SplittableRandom(seed);
        int positions = 7 + random.nextInt(6);
        int rows = 1 + random.nextInt(5);
        int columns = 2 + random.nextInt(5);
        int cells = rows * columns;
        var values = new float[positions * cells];
        for (int cell = 0; cell < cells; cell++) {
            double sum = 0;
            for (int p = 0; p < positions; p++) {
                values[p * cells + cell] = (float) (0.02 + random.nextDouble());
                sum += values[p * cells + cell];
            }
            for (int p = 0; p < positions; p++) {
                values[p * cells + cell] /= (float) (20 * sum);
            }
        }
        var region = new float[cells];
        for (int i = 0; i < cells; i++) {
            region[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble();
        }
        region[random.nextInt(cells)] = 1;
        var words =
                List.of(new AttentionMaps.Word("deep", List.of(1)), new AttentionMaps.Word("crack", List.of(3, 4, 5)));
        return new AttentionMaps(positions, rows, columns, values, words, region);
    }

    @Test
    void refusesMapsWithoutWords() {
        var maps = new AttentionMaps(4, 1, 1, new float[4], List.of(), new float[1]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AttentionLoss.maxPerWord().evaluate(maps, STEP))
                .withMessageContaining("word");
    }

    @Test
    void refusesArraysThatDoNotFitTheGrid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionMaps(4, 2, 2, new float[15], List.of(), new float[4]))
                .withMessageContaining("15");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AttentionMaps(4, 2, 2, new float[16], List.of(), new float[3]))
                .withMessageContaining("3");
    }

    @Test
    void refusesTheMapsOfStartAndEnd() {
        var smoothed = SmoothedAttention.of(maps(1));
        assertThatIllegalArgumentException().isThrownBy(() -> smoothed.map(0)).withMessageContaining("[1,");
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theLossIsOfTheWordWithTheLeastAttentionInTheRegion(long seed) {
        AttentionMaps maps = maps(seed);
        var smoothed = SmoothedAttention.of(maps);
        double least = 1;
        for (var word : maps.words()) {
            float[] map = smoothed.map(word);
            double most = 0;
            for (int i = 0; i < map.length; i++) {
                most = Math.max(most, map[i] * maps.region()[i]);
            }
            least = Math.min(least, most);
        }
        assertThat(AttentionLoss.maxPerWord().evaluate(maps, STEP).loss()).isCloseTo(1 - least, within(1e-9));
    }

    @Test
    void smoothingKeepsTheMeanOfAConstantMap() {
        var values = new float[5 * 12];
        java.util.Arrays.fill(values, 0.2f);
        var words = List.of(new AttentionMaps.Word("crack", List.of(2)));
        var maps = new AttentionMaps(5, 3, 4, values, words, new float[12]);
        assertThat(SmoothedAttention.of(maps).map(2)).containsOnly(1 / 3f);
    }
}
