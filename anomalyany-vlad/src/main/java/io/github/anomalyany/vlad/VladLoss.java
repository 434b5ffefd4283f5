// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/**
 * What training makes small: a function of the scores of some pictures and their pixels, with its gradient (spec §5.4).
 * Implementations are immutable and safe for many threads.
 */
public interface VladLoss {
    /**
     * Scores and labels of some pictures. The arrays aren't to be changed.
     *
     * @param imageLabels 0 for good and 1 for anomalous, one a picture
     * @param imageScores S_VL, 0 to 1, one a picture
     * @param pixelLabels 0 to 1, all pixels of the first picture, then of the next
     * @param pixelScores 0 to 1, in the same order
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Batch(float[] imageLabels, float[] imageScores, float[] pixelLabels, float[] pixelScores) {
        /**
         * How many pictures there are.
         *
         * @return at least 1
         */
        public int pictures() {
            return imageLabels.length;
        }

        /**
         * How many pixels a picture has.
         *
         * @return at least 1
         */
        public int pixels() {
            return pixelLabels.length / imageLabels.length;
        }
    }

    /**
     * A loss and its gradient.
     *
     * @param loss the value
     * @param imageGradient derivative by each picture's score
     * @param pixelGradient derivative by each pixel's score
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Value(double loss, float[] imageGradient, float[] pixelGradient) {}

    /**
     * One line for provenance.
     *
     * @return as {@code "paper(gamma=2.0, omega=6.0, beta=0.2)"}
     */
    String description();

    /**
     * Evaluates the loss.
     *
     * @param batch scores and labels
     * @return finite numbers
     */
    Value evaluate(Batch batch);

    /**
     * CUT's eq. 6–7: focal loss of the pictures, and ω times binary cross-entropy and adapted Dice loss of the pixels, with
     * the specification's γ = 2, ω = 6, β = 0.2.
     *
     * @return the loss
     */
    static VladLoss paper() {
        return paper(2, 6, 0.2);
    }

    /**
     * The paper's with other weights.
     *
     * @param gamma exponent of the focal loss, 0 to 10
     * @param omega weight of the pixels, 0 to 1,000
     * @param beta of the adapted Dice loss, above 0 and below 1: it is milder than the ordinary one where Dice is below 1 − β
     * @return the loss
     * @throws IllegalArgumentException if a value is out of range
     */
    static VladLoss paper(double gamma, double omega, double beta) {
        return new PaperLoss(gamma, omega, beta);
    }
}
