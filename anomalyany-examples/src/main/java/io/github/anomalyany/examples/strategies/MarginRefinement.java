// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.StepInfo;

/**
 * The square of what the cosine of picture and description lacks to a margin: {@code max(0, margin − cos)²}. It pulls less the
 * nearer they are and no more beyond the margin, where CLIP is pleased by patterns that no eye would call a defect.
 *
 * <pre>{@code
 * GenerationSettings.builder().clipRefinement(new MarginRefinement(0.35)).build();
 * }</pre>
 *
 * @param margin the cosine that is enough, in (−1, 1]; related pictures and sentences have about 0.3 in OpenAI's models
 */
public record MarginRefinement(double margin) implements ClipRefinement {
    /**
     * Checks the range.
     *
     * @param margin the cosine that is enough, in (−1, 1]
     * @throws IllegalArgumentException if it is out of range
     */
    public MarginRefinement {
        if (!(margin > -1 && margin <= 1)) {
            throw new IllegalArgumentException("margin must be in (-1, 1] but was " + margin);
        }
    }

    @Override
    public String description() {
        return "margin(" + margin + ")";
    }

    @Override
    public LossAndGradient evaluate(float[] image, float[] text, StepInfo step) {
        if (image.length != text.length) {
            throw new IllegalArgumentException(
                    "image and text must have equal lengths but had %d and %d".formatted(image.length, text.length));
        }
        double imageNorm = Math.sqrt(dot(image, image));
        double textNorm = Math.sqrt(dot(text, text));
        double cosine = dot(image, text) / (imageNorm * textNorm);
        double lacking = Math.max(0, margin - cosine);
        var gradient = new float[image.length];
        for (int i = 0; i < gradient.length; i++) {
            double toCosine = (text[i] / textNorm - cosine * image[i] / imageNorm) / imageNorm;
            gradient[i] = (float) (-2 * lacking * toCosine);
        }
        return new LossAndGradient(lacking * lacking, gradient);
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
