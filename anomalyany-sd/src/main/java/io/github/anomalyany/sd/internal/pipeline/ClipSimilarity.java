// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

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

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aSquares += (double) a[i] * a[i];
            bSquares += (double) b[i] * b[i];
        }
        return dot / Math.max(1e-12, Math.sqrt(aSquares) * Math.sqrt(bSquares));
    }

    /** How much more similar the generated picture is. */
    double gain() {
        return made - normal;
    }
}
