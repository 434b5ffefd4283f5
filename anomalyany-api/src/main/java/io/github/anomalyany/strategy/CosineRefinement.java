// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** 1 − cos(image, text). */
record CosineRefinement() implements ClipRefinement {
    @Override
    public String description() {
        return "cosine";
    }

    @Override
    public LossAndGradient evaluate(float[] image, float[] text, StepInfo step) {
        if (image.length != text.length) {
            throw new IllegalArgumentException(
                    "image and text must have equal lengths but had %d and %d".formatted(image.length, text.length));
        }
        double dot = 0;
        double imageSquares = 0;
        double textSquares = 0;
        for (int i = 0; i < image.length; i++) {
            dot += (double) image[i] * text[i];
            imageSquares += (double) image[i] * image[i];
            textSquares += (double) text[i] * text[i];
        }
        double norms = Math.sqrt(imageSquares) * Math.sqrt(textSquares);
        double cosine = dot / norms;
        var gradient = new float[image.length];
        for (int i = 0; i < image.length; i++) {
            gradient[i] = (float) (cosine * image[i] / imageSquares - text[i] / norms);
        }
        return new LossAndGradient(1 - cosine, gradient);
    }
}
