// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/** Focal loss of pictures; cross-entropy and adapted Dice loss of pixels. */
record PaperLoss(double gamma, double omega, double beta) implements VladLoss {
    /** Scores are kept so far from 0 and 1. */
    private static final double MARGIN = 1e-6;

    private static final double SMOOTH = 1;

    PaperLoss {
        Arguments.range("gamma", gamma, 0, 10);
        Arguments.range("omega", omega, 0, 1000);
        if (!(beta > 0 && beta < 1)) {
            throw new IllegalArgumentException("beta must be above 0 and below 1 but was " + beta);
        }
    }

    @Override
    public String description() {
        return "paper(gamma=%s, omega=%s, beta=%s)".formatted(gamma, omega, beta);
    }

    @Override
    public Value evaluate(Batch batch) {
        float[] imageGradient = new float[batch.pictures()];
        float[] pixelGradient = new float[batch.pixelScores().length];
        double loss = 0;
        for (int picture = 0; picture < batch.pictures(); picture++) {
            loss += focal(batch, picture, imageGradient);
            loss += omega * (crossEntropy(batch, picture, pixelGradient) + dice(batch, picture, pixelGradient));
        }
        return new Value(loss, imageGradient, pixelGradient);
    }

    private double focal(Batch batch, int picture, float[] gradient) {
        boolean anomalous = batch.imageLabels()[picture] > 0.5f;
        double p = clamped(batch.imageScores()[picture]);
        double right = anomalous ? p : 1 - p;
        double wrong = 1 - right;
        double share = 1.0 / batch.pictures();
        if (isInside(batch.imageScores()[picture])) {
            double byRight = gamma * Math.pow(wrong, gamma - 1) * Math.log(right) - Math.pow(wrong, gamma) / right;
            gradient[picture] = (float) (share * (anomalous ? byRight : -byRight));
        }
        return -share * Math.pow(wrong, gamma) * Math.log(right);
    }

    private double crossEntropy(Batch batch, int picture, float[] gradient) {
        int pixels = batch.pixels();
        double share = 1.0 / ((double) batch.pictures() * pixels);
        double sum = 0;
        for (int i = picture * pixels; i < (picture + 1) * pixels; i++) {
            double y = batch.pixelLabels()[i];
            double p = clamped(batch.pixelScores()[i]);
            sum -= (y == 0 ? 0 : y * Math.log(p)) + (y == 1 ? 0 : (1 - y) * Math.log(1 - p));
            if (isInside(batch.pixelScores()[i])) {
                gradient[i] += (float) (omega * share * (p - y) / (p * (1 - p)));
            }
        }
        return share * sum;
    }

    private double dice(Batch batch, int picture, float[] gradient) {
        int pixels = batch.pixels();
        double both = 0;
        double labels = 0;
        double scores = 0;
        for (int i = picture * pixels; i < (picture + 1) * pixels; i++) {
            double p = clamped(batch.pixelScores()[i]);
            both += batch.pixelLabels()[i] * p;
            labels += batch.pixelLabels()[i];
            scores += p;
        }
        double above = 2 * both + SMOOTH;
        double below = labels + scores + SMOOTH;
        double dice = above / below;
        double byDice = -omega * beta / ((dice + beta) * (dice + beta)) / batch.pictures();
        for (int i = picture * pixels; i < (picture + 1) * pixels; i++) {
            if (isInside(batch.pixelScores()[i])) {
                double diceByScore = (2 * batch.pixelLabels()[i] * below - above) / (below * below);
                gradient[i] += (float) (byDice * diceByScore);
            }
        }
        return beta / (dice + beta) / batch.pictures();
    }

    private static double clamped(double score) {
        return Math.max(MARGIN, Math.min(1 - MARGIN, score));
    }

    /** Where clamping lets the gradient through. */
    private static boolean isInside(double score) {
        return score >= MARGIN && score <= 1 - MARGIN;
    }
}
