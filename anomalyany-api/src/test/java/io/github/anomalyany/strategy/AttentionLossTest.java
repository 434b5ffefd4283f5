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

    /** Maps whose maxima are clear: at a tie, a maximum has no derivative. */
    private static AttentionMaps maps(long seed) {
        var random = new SplittableRandom(seed);
        AttentionMaps maps = draw(random);
        while (!hasClearMaxima(maps)) {
            maps = draw(random);
        }
        return maps;
    }

    /** Probabilities over positions in each cell, with grids of odd shapes and words of several pieces. */
    private static AttentionMaps draw(SplittableRandom random) {
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

    private static boolean hasClearMaxima(AttentionMaps maps) {
        var smoothed = SmoothedAttention.of(maps);
        double[] tops = new double[4];
        boolean clear = true;
        for (int w = 0; w < 2; w++) {
            float[] map = smoothed.map(maps.words().get(w));
            for (int regional = 0; regional < 2; regional++) {
                var values = new double[map.length];
                for (int i = 0; i < map.length; i++) {
                    values[i] = map[i] * (regional == 1 ? maps.region()[i] : 1);
                }
                java.util.Arrays.sort(values);
                tops[2 * regional + w] = values[values.length - 1];
                clear &= values[values.length - 1] - values[values.length - 2] > 0.005;
            }
        }
        return clear && Math.abs(tops[0] - tops[1]) > 0.005 && Math.abs(tops[2] - tops[3]) > 0.005;
    }

    private static AttentionMaps with(AttentionMaps maps, int index, float delta) {
        float[] values = maps.values().clone();
        values[index] += delta;
        return new AttentionMaps(maps.positions(), maps.rows(), maps.columns(), values, maps.words(), maps.region());
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
    void theGradientEqualsCentralDifferences(long seed) {
        AttentionMaps maps = maps(seed);
        for (AttentionLoss loss : List.of(AttentionLoss.maxPerWord(), AttentionLoss.maxPerWordAnywhere())) {
            float[] gradient = loss.evaluate(maps, STEP).gradient();
            float step = 1e-4f;
            for (int i = 0; i < gradient.length; i++) {
                double up = loss.evaluate(with(maps, i, step), STEP).loss();
                double down = loss.evaluate(with(maps, i, -step), STEP).loss();
                double width = (double) with(maps, i, step).values()[i]
                        - with(maps, i, -step).values()[i];
                assertThat((double) gradient[i]).isCloseTo((up - down) / width, within(0.02));
            }
        }
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

    @Test
    void theCosineRefinementsGradientEqualsCentralDifferences() {
        var random = new SplittableRandom(3);
        var image = new float[9];
        var text = new float[9];
        for (int i = 0; i < 9; i++) {
            image[i] = (float) random.nextGaussian();
            text[i] = (float) random.nextGaussian();
        }
        var refinement = ClipRefinement.cosine();
        float[] gradient = refinement.evaluate(image, text, STEP).gradient();
        for (int i = 0; i < 9; i++) {
            float[] up = image.clone();
            float[] down = image.clone();
            up[i] += 1e-3f;
            down[i] -= 1e-3f;
            double difference = refinement.evaluate(up, text, STEP).loss()
                    - refinement.evaluate(down, text, STEP).loss();
            assertThat((double) gradient[i]).isCloseTo(difference / ((double) up[i] - down[i]), within(1e-5));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> refinement.evaluate(image, new float[2], STEP));
    }
}
