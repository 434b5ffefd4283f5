// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.strategy.LossAndGradient;

/** How far a prompt's embedding is from the description's: 1 − mean cosine (AnomalyAny eq. 12), and its gradient. */
final class PromptLoss {
    private static final double SMALLEST_NORM = 1e-8;

    private final float[] from;
    private final float[] to;
    private final float[] gradient;
    private final int cosines;
    private double sum;

    private PromptLoss(float[] from, float[] to, int cosines) {
        this.from = from;
        this.to = to;
        this.cosines = cosines;
        this.gradient = new float[from.length];
    }

    /** The paper's: mean over positions of the cosine between two positions' vectors. Both [positions, width]. */
    static LossAndGradient overWidth(float[] from, float[] to, int width) {
        int positions = from.length / width;
        var loss = new PromptLoss(from, to, positions);
        for (int p = 0; p < positions; p++) {
            loss.cosine(p * width, 1, width);
        }
        return loss.result();
    }

    /** The released code's: mean over rows and channels of the cosine over positions. Both [rows, positions, width]. */
    static LossAndGradient overPositions(float[] from, float[] to, int positions, int width) {
        int rows = from.length / (positions * width);
        var loss = new PromptLoss(from, to, rows * width);
        for (int row = 0; row < rows; row++) {
            for (int c = 0; c < width; c++) {
                loss.cosine(row * positions * width + c, width, positions);
            }
        }
        return loss.result();
    }

    private void cosine(int start, int stride, int count) {
        double dot = 0;
        double fromSquares = 0;
        double toSquares = 0;
        for (int k = 0; k < count; k++) {
            int i = start + k * stride;
            dot += (double) from[i] * to[i];
            fromSquares += (double) from[i] * from[i];
            toSquares += (double) to[i] * to[i];
        }
        double norms = Math.max(SMALLEST_NORM, Math.sqrt(fromSquares) * Math.sqrt(toSquares));
        double cosine = dot / norms;
        double shrink = fromSquares > 0 ? cosine / fromSquares : 0;
        for (int k = 0; k < count; k++) {
            int i = start + k * stride;
            gradient[i] = (float) ((shrink * from[i] - to[i] / norms) / cosines);
        }
        sum += cosine;
    }

    private LossAndGradient result() {
        return new LossAndGradient(1 - sum / cosines, gradient);
    }
}
