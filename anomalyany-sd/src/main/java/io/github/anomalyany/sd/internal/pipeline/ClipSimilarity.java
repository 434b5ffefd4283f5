// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.StepInfo;

/**
 * How similar CLIP finds pictures to the description: cosines of the projected embeddings.
 *
 * @param made of the generated picture
 * @param normal of the normal picture
 */
record ClipSimilarity(double made, double normal) {
    static ClipSimilarity of(PreparedRequest request, float[] made) {
        float[] text = request.descriptionClip();
        return new ClipSimilarity(cosine(made, text), cosine(request.normalClip(), text));
    }

    private static double cosine(float[] image, float[] text) {
        var anyStep = new StepInfo(0, 1, 0, 0);
        return 1 - ClipRefinement.cosine().evaluate(image, text, anyStep).loss();
    }

    /** How much more similar the generated picture is. */
    double gain() {
        return made - normal;
    }
}
