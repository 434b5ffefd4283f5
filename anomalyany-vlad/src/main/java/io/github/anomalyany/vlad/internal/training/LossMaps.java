// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.Interpolation;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.LabelMode;
import io.github.anomalyany.vlad.MapGeometry;

/** The maps that the loss compares: scores and labels at the loss's side. Any thread. */
final class LossMaps {
    private final int side;
    private final Interpolation upsampling;

    LossMaps(MapGeometry geometry, int grid, int inputSide, int patchSize, int side) {
        if (side > inputSide) {
            throw new IllegalArgumentException(
                    "lossSide must be at most the input's side %d but was %d".formatted(inputSide, side));
        }
        this.side = side;
        double[][] operator = geometry.operator(grid, inputSide, patchSize);
        if (operator.length != inputSide || operator[0].length != grid) {
            throw new DetectionException("the map geometry %s must give [%d][%d] weights but gave [%d][%d]"
                    .formatted(geometry.description(), inputSide, grid, operator.length, operator[0].length));
        }
        double[][] means = means(operator, side);
        upsampling = Interpolation.of(means, means);
    }

    /** The mean of the rows that fall together when the pixels become fewer. */
    private static double[][] means(double[][] rows, int side) {
        double[][] means = new double[side][rows[0].length];
        for (int i = 0; i < side; i++) {
            int from = (int) ((long) i * rows.length / side);
            int to = (int) (((i + 1L) * rows.length + side - 1) / side);
            for (int row = from; row < to; row++) {
                for (int j = 0; j < rows[row].length; j++) {
                    means[i][j] += rows[row][j] / (to - from);
                }
            }
        }
        return means;
    }

    int pixels() {
        return side * side;
    }

    /** Grids, one after the other, to maps. */
    float[] maps(float[] grids) {
        return upsampling.apply(grids);
    }

    /** Gradients by maps to those by grids. */
    float[] gridGradient(float[] mapGradient) {
        return upsampling.gradient(mapGradient);
    }

    /** Labels of a picture at the loss's side. */
    float[] labels(ScoreMap labels, LabelMode mode) {
        float[] values = labels.toArray();
        float largest = labels.max();
        for (int i = 0; i < values.length; i++) {
            float label = mode.of(values[i], largest);
            if (!(label >= 0 && label <= 1)) {
                throw new IllegalArgumentException("the label mode %s must give labels in [0, 1] but gave %s for %s"
                        .formatted(mode.description(), label, values[i]));
            }
            values[i] = label;
        }
        boolean shrinks = labels.width() > side || labels.height() > side;
        var resizing = shrinks
                ? Interpolation.area(labels.width(), labels.height(), side, side)
                : Interpolation.bilinear(labels.width(), labels.height(), side, side);
        float[] resized = resizing.apply(values);
        for (int i = 0; i < resized.length; i++) {
            resized[i] = Math.max(0, Math.min(1, resized[i])); // rounding may leave [0, 1]
        }
        return resized;
    }
}
