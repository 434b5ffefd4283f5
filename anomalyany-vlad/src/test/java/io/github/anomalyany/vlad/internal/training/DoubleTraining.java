// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import java.util.ArrayList;
import java.util.List;

/** The whole loss of spec §5.3–5.4 in double precision, written down once more, plainly. */
final class DoubleTraining {
    /**
     * Exponent, weight of the pixels and β.
     *
     * @param gamma exponent of the focal loss
     * @param omega weight of the pixels
     * @param beta of the adapted Dice loss
     */
    record Weights(double gamma, double omega, double beta) {}

    /**
     * One picture.
     *
     * @param tokens [stage][cell][tokenWidth]
     * @param embedding [sharedWidth]
     * @param good unit row of good
     * @param damaged unit row of damaged
     * @param anomalous whether it has an anomaly
     * @param labels of the pixels at the loss's side
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Picture(
            double[][][] tokens, double[] embedding, double[] good, double[] damaged, boolean anomalous, double[] labels) {}

    private final Weights weights;
    private final double[][] operator;
    private final double imageScale;
    private final double pixelScale;
    private final boolean fused;

    /**
     * Prepares the loss.
     *
     * @param operator of one axis, [pixel][cell], at the input's side
     * @param side of the loss
     */
    DoubleTraining(
            Weights weights, double[][] operator, int side, double imageScale, double pixelScale, boolean fused) {
        this.weights = weights;
        this.operator = shrunk(operator, side);
        this.imageScale = imageScale;
        this.pixelScale = pixelScale;
        this.fused = fused;
    }

    /** Each row is the mean of the pixels that its pixel covers, wholly or in part. */
    private static double[][] shrunk(double[][] rows, int side) {
        double[][] means = new double[side][rows[0].length];
        for (int i = 0; i < side; i++) {
            int first = (int) Math.floor((double) i * rows.length / side);
            int end = (int) Math.ceil((double) (i + 1) * rows.length / side);
            for (int j = 0; j < rows[0].length; j++) {
                double sum = 0;
                for (int row = first; row < end; row++) {
                    sum += rows[row][j];
                }
                means[i][j] = sum / (end - first);
            }
        }
        return means;
    }

    double loss(List<Picture> pictures, List<double[]> parameters) {
        double sum = 0;
        for (Picture picture : pictures) {
            sum += loss(picture, parameters);
        }
        return sum / pictures.size();
    }

    private double loss(Picture picture, List<double[]> parameters) {
        int stages = picture.tokens().length;
        double score = share(
                picture.embedding(), parameters.get(2 * stages), parameters.get(2 * stages + 1), picture, imageScale);
        var maps = new ArrayList<double[]>();
        for (int stage = 0; stage < stages; stage++) {
            double[] shares = new double[picture.tokens()[stage].length];
            for (int cell = 0; cell < shares.length; cell++) {
                shares[cell] = share(
                        picture.tokens()[stage][cell],
                        parameters.get(2 * stage),
                        parameters.get(2 * stage + 1),
                        picture,
                        pixelScale);
            }
            maps.add(map(shares));
        }
        double pixels = 0;
        if (fused) {
            double[] mean = new double[maps.get(0).length];
            for (int i = 0; i < mean.length; i++) {
                for (double[] map : maps) {
                    mean[i] += map[i] / stages;
                }
            }
            pixels = pixels(picture.labels(), mean);
        } else {
            for (double[] map : maps) {
                pixels += pixels(picture.labels(), map) / stages;
            }
        }
        double right = clamped(picture.anomalous() ? score : 1 - score);
        return -Math.pow(1 - right, weights.gamma()) * Math.log(right) + weights.omega() * pixels;
    }

    /** Softmax of two cosines, its second part. */
    private static double share(double[] row, double[] weight, double[] bias, Picture picture, double scale) {
        double length = 0;
        double good = 0;
        double damaged = 0;
        for (int out = 0; out < bias.length; out++) {
            double value = bias[out];
            for (int in = 0; in < row.length; in++) {
                value += weight[out * row.length + in] * row[in];
            }
            length += value * value;
            good += value * picture.good()[out];
            damaged += value * picture.damaged()[out];
        }
        double a = Math.exp(scale * good / Math.sqrt(length));
        double b = Math.exp(scale * damaged / Math.sqrt(length));
        return b / (a + b);
    }

    private double[] map(double[] shares) {
        int side = operator.length;
        int grid = operator[0].length;
        double[] map = new double[side * side];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int row = 0; row < grid; row++) {
                    for (int column = 0; column < grid; column++) {
                        map[y * side + x] += operator[y][row] * operator[x][column] * shares[row * grid + column];
                    }
                }
            }
        }
        return map;
    }

    private double pixels(double[] labels, double[] scores) {
        double crossEntropy = 0;
        double both = 0;
        double all = 0;
        for (int i = 0; i < labels.length; i++) {
            double p = clamped(scores[i]);
            crossEntropy -= (labels[i] * Math.log(p) + (1 - labels[i]) * Math.log(1 - p)) / labels.length;
            both += labels[i] * p;
            all += labels[i] + p;
        }
        double dice = (2 * both + 1) / (all + 1);
        return crossEntropy + 1 - dice / (dice + weights.beta());
    }

    private static double clamped(double p) {
        return Math.max(1e-6, Math.min(1 - 1e-6, p));
    }
}
