// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BankSelectionTest {
    private static final int WIDTH = 8;

    @Test
    void rejectsALimitOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BankSelection.coreset(0))
                .withMessage("maxTokens must be in [1, 1048576] but was 0");
    }

    @Test
    void keepsAllUpToTheLimit() {
        float[] tokens = tokens(20, 1);

        assertThat(BankSelection.all().select(tokens, 20, WIDTH, 0))
                .isEqualTo(IntStream.range(0, 20).toArray());
        assertThat(BankSelection.coreset(20).select(tokens, 20, WIDTH, 0))
                .isEqualTo(IntStream.range(0, 20).toArray());
        assertThat(BankSelection.coreset(7).upTo(20)).isEqualTo(7);
        assertThat(BankSelection.coreset(30).upTo(20)).isEqualTo(20);
        assertThat(BankSelection.all().upTo(1L << 40)).isEqualTo(1L << 40);
    }

    @Test
    void choosesDifferentTokensEquallyForEqualSeeds() {
        for (int seed = 0; seed < 20; seed++) {
            float[] tokens = tokens(200, seed);
            int[] chosen = BankSelection.coreset(60).select(tokens, 200, WIDTH, seed);

            assertThat(chosen)
                    .as("seed %d", seed)
                    .hasSize(60)
                    .doesNotHaveDuplicates()
                    .isSorted();
            assertThat(Arrays.stream(chosen)).allMatch(index -> index >= 0 && index < 200);
            assertThat(BankSelection.coreset(60).select(tokens, 200, WIDTH, seed))
                    .isEqualTo(chosen);
            assertThat(BankSelection.coreset(60).select(tokens, 200, WIDTH, seed + 1))
                    .isNotEqualTo(chosen);
        }
    }

    @Test
    void choosesDifferentTokensAmongEqualOnes() {
        float[] tokens = new float[100 * WIDTH];
        Arrays.fill(tokens, 0.3f);

        assertThat(BankSelection.coreset(40).select(tokens, 100, WIDTH, 5))
                .hasSize(40)
                .doesNotHaveDuplicates();
    }

    /** Narrow tokens are compared as they are, wide ones after a projection. */
    @ParameterizedTest
    @ValueSource(ints = {8, 300})
    void findsEveryCluster(int width) {
        var random = new Random(8);
        for (int seed = 0; seed < 20; seed++) {
            float[] tokens = new float[400 * width]; // at one of 8 corners each, the last one rare
            for (int i = 0; i < 400; i++) {
                int corner = i < 390 ? i % 7 : 7;
                for (int d = 0; d < width; d++) {
                    tokens[i * width + d] = (d == corner ? 1 : 0) + 0.01f * (float) random.nextGaussian();
                }
            }
            // a limit of 100 leaves all 400 as candidates
            int[] chosen = BankSelection.coreset(100).select(tokens, 400, width, seed);

            assertThat(Arrays.stream(chosen)).as("seed %d", seed).anyMatch(index -> index >= 390);
            assertThat(chosen).doesNotHaveDuplicates();
        }
    }

    /** With one centre it is the seeded start alone: it must be among the chosen, whatever the seed. */
    @Test
    void countsTheStartAsTheFirstCentre() {
        float[] tokens = tokens(4, 2);
        var starts = new boolean[4];
        for (int seed = 0; seed < 60; seed++) {
            int[] one = BankSelection.coreset(1).select(tokens, 4, WIDTH, seed);
            assertThat(one).hasSize(1);
            assertThat(BankSelection.coreset(2).select(tokens, 4, WIDTH, seed))
                    .contains(one)
                    .hasSize(2);
            starts[one[0]] = true;
        }
        assertThat(starts).containsOnly(true);
    }

    @Test
    void leavesNoTokenFartherFromItsChoiceThanARandomChoiceWould() {
        double sum = 0;
        double sumOfRandom = 0;
        var random = new Random(9);
        for (int seed = 0; seed < 20; seed++) {
            float[] tokens = tokens(120, 100 + seed);
            int[] drawn = random.ints(0, 120).distinct().limit(30).toArray();
            sum += farthest(tokens, BankSelection.coreset(30).select(tokens, 120, WIDTH, seed));
            sumOfRandom += farthest(tokens, drawn);
        }
        assertThat(sum).isLessThan(0.9 * sumOfRandom);
    }

    private static double farthest(float[] tokens, int[] chosen) {
        double farthest = 0;
        for (int i = 0; i < tokens.length; i += WIDTH) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int centre : chosen) {
                double square = 0;
                for (int d = 0; d < WIDTH; d++) {
                    double difference = tokens[i + d] - tokens[centre * WIDTH + d];
                    square += difference * difference;
                }
                nearest = Math.min(nearest, square);
            }
            farthest = Math.max(farthest, nearest);
        }
        return Math.sqrt(farthest);
    }

    /** Rows of length 1. */
    private static float[] tokens(int count, long seed) {
        var random = new Random(seed);
        float[] tokens = new float[count * WIDTH];
        for (int i = 0; i < count; i++) {
            double square = 0;
            for (int d = 0; d < WIDTH; d++) {
                tokens[i * WIDTH + d] = (float) random.nextGaussian();
                square += tokens[i * WIDTH + d] * tokens[i * WIDTH + d];
            }
            for (int d = 0; d < WIDTH; d++) {
                tokens[i * WIDTH + d] /= (float) Math.sqrt(square);
            }
        }
        return tokens;
    }
}
