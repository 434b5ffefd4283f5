// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VladLossTest {
    /** The specification's example. */
    private static final float[] LABELS = {1, 0.5f, 0, 0};

    private static final float[] SCORES = {0.8f, 0.4f, 0.1f, 0};
    private static final double CROSS_ENTROPY = 0.2605158;
    /** A good picture that scores 0 has no focal loss to speak of. */
    private static final float[] NONE = {0};

    private static double pixels(double beta, float[] labels, float[] scores) {
        return VladLoss.paper(2, 1, beta)
                .evaluate(new VladLoss.Batch(NONE, NONE, labels, scores))
                .loss();
    }

    private static double focal(double gamma, float label, float score) {
        return VladLoss.paper(gamma, 0, 0.2)
                .evaluate(new VladLoss.Batch(new float[] {label}, new float[] {score}, LABELS, SCORES))
                .loss();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.2, 1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void refusesABetaThatMakesDiceNoMilder(double beta) {
        assertThatThrownBy(() -> VladLoss.paper(2, 6, beta))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("beta must be above 0 and below 1 but was " + beta);
    }

    @Test
    void refusesOtherWeightsOutOfRange() {
        assertThatThrownBy(() -> VladLoss.paper(-0.1, 6, 0.2)).hasMessageContaining("gamma must be in [0.0, 10.0]");
        assertThatThrownBy(() -> VladLoss.paper(Double.NaN, 6, 0.2)).hasMessageContaining("gamma");
        assertThatThrownBy(() -> VladLoss.paper(2, -1, 0.2)).hasMessageContaining("omega must be in [0.0, 1000.0]");
        assertThatThrownBy(() -> VladLoss.paper(2, Double.NaN, 0.2)).hasMessageContaining("omega");
    }

    @Test
    void thePaperHasGammaTwoOmegaSixAndBetaAFifth() {
        assertThat(VladLoss.paper()).isEqualTo(VladLoss.paper(2, 6, 0.2));
        assertThat(VladLoss.paper().description()).isEqualTo("paper(gamma=2.0, omega=6.0, beta=0.2)");
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.1124260", "0.2, 0.2021277", "0.5, 0.3877551"})
    void adaptedDiceAndCrossEntropyAreTheSpecifications(double beta, double dice) {
        assertThat(pixels(beta, LABELS, SCORES)).isCloseTo(CROSS_ENTROPY + dice, within(2e-6));
    }

    @Test
    void adaptedDiceIsMilderThanTheOrdinaryOneExactlyBelowOneMinusBeta() {
        for (double beta : List.of(0.1, 0.2, 0.5)) {
            for (float overlap = 0; overlap <= 1; overlap += 0.125f) {
                float[] scores = {overlap, overlap, 0, 0};
                float[] labels = {1, 1, 0, 0};
                double dice = (4 * overlap + 1) / (2 + 2 * overlap + 1);
                double adapted = beta / (dice + beta);
                assertThat(adapted < 1 - dice).as("dice %s, beta %s", dice, beta).isEqualTo(dice < 1 - beta);
                double crossEntropy = -Math.log(Math.max(1e-6, Math.min(1 - 1e-6, overlap))) / 2;
                assertThat(pixels(beta, labels, scores)).isCloseTo(adapted + crossEntropy, within(1e-5));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1, 0.9, 0.00105361", "2, 1, 0.1, 1.8650939", "2, 0, 0.3, 0.0321007"})
    void theFocalLossIsTheSpecifications(double gamma, float label, float score, double loss) {
        assertThat(focal(gamma, label, score)).isCloseTo(loss, within(1e-6));
    }

    @Test
    void withoutGammaTheFocalLossIsCrossEntropy() {
        assertThat(focal(0, 1, 0.25f)).isCloseTo(Math.log(4), within(1e-9));
        assertThat(focal(0, 0, 0.25f)).isCloseTo(-Math.log(0.75), within(1e-9));
    }

    @Test
    void omegaWeighsPixelsAlone() {
        var batch = new VladLoss.Batch(new float[] {1}, new float[] {0.1f}, LABELS, SCORES);
        assertThat(VladLoss.paper(2, 6, 0.2).evaluate(batch).loss())
                .isCloseTo(1.8650939 + 6 * (CROSS_ENTROPY + 0.2021277), within(1e-5));
    }

    @Test
    void diceIsTakenPictureByPicture() {
        float[] labels = {1, 1, 1, 1, 0, 0, 0, 1};
        float[] scores = {0.9f, 0.8f, 0.9f, 0.7f, 0.2f, 0.1f, 0.3f, 0.4f};
        double first = pixels(0.2, first(labels), first(scores));
        double second = pixels(0.2, second(labels), second(scores));
        var both = new VladLoss.Batch(new float[2], new float[2], labels, scores);
        assertThat(VladLoss.paper(2, 1, 0.2).evaluate(both).loss()).isCloseTo((first + second) / 2, within(1e-9));
        assertThat(pixels(0.2, labels, scores)).as("as if one picture").isNotCloseTo((first + second) / 2, within(1e-3));
    }

    private static float[] first(float[] values) {
        return Arrays.copyOf(values, values.length / 2);
    }

    private static float[] second(float[] values) {
        return Arrays.copyOfRange(values, values.length / 2, values.length);
    }

    @Test
    void scoresBeyondTheMarginCountAsTheMarginAndHaveNoGradient() {
        var loss = VladLoss.paper();
        var outside = loss.evaluate(new VladLoss.Batch(
                new float[] {1, 0}, new float[] {0, 1}, new float[] {1, 0, 0.5f, 0}, new float[] {0, 1, 1e-9f, 0}));
        assertThat(outside.imageGradient()).containsOnly(0);
        assertThat(outside.pixelGradient()).containsOnly(0);
        assertThat(focal(2, 1, 0)).isCloseTo(focal(2, 1, 1e-6f), within(1e-4));
        assertThat(focal(2, 1, 0)).isCloseTo(-Math.log(1e-6) * (1 - 1e-6) * (1 - 1e-6), within(1e-9));
        assertThat(focal(2, 1, 1.1e-6f)).isLessThan(focal(2, 1, 0));
    }

    @Test
    void softLabelsPullScoresToThemselves() {
        for (float label : new float[] {0.2f, 0.5f, 0.9f}) {
            var batch = new VladLoss.Batch(NONE, NONE, new float[] {label}, new float[] {label});
            // at its own label cross-entropy is level, so that Dice alone is left
            double gradient = VladLoss.paper(2, 1, 0.2).evaluate(batch).pixelGradient()[0];
            double dice = (2 * label * label + 1) / (2 * label + 1);
            double byScore = (2 * label * (2 * label + 1) - (2 * label * label + 1)) / Math.pow(2 * label + 1, 2);
            assertThat(gradient).isCloseTo(-0.2 / Math.pow(dice + 0.2, 2) * byScore, within(1e-5));
        }
    }
}
