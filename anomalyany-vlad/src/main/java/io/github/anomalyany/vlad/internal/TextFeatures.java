// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.vlad.PromptEnsemble;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What CLIP calls good and damaged, for each category: one direction each (spec §2.3). Any thread. */
public final class TextFeatures {
    private final Backbone backbone;
    private final PromptEnsemble prompts;
    private final Map<String, float[]> known = new ConcurrentHashMap<>();

    /**
     * Creates features that are computed when first asked for.
     *
     * @param backbone embeds the sentences
     * @param prompts the sentences
     */
    public TextFeatures(Backbone backbone, PromptEnsemble prompts) {
        this.backbone = backbone;
        this.prompts = prompts;
    }

    /**
     * The directions of a category.
     *
     * @param category its name
     * @return two rows of length 1: good, damaged; not to be changed
     */
    public float[] of(String category) {
        return known.computeIfAbsent(PromptEnsemble.spoken(category), thing -> {
            float[] normal = direction(backbone.embed(prompts.normal(thing)));
            float[] abnormal = direction(backbone.embed(prompts.abnormal(thing)));
            float[] both = java.util.Arrays.copyOf(normal, 2 * normal.length);
            System.arraycopy(abnormal, 0, both, normal.length, abnormal.length);
            return both;
        });
    }

    /** Each sentence to length 1, their mean, to length 1. */
    private static float[] direction(List<float[]> sentences) {
        int width = sentences.get(0).length;
        double[] mean = new double[width];
        for (float[] sentence : sentences) {
            double length = length(sentence);
            for (int i = 0; i < width; i++) {
                mean[i] += sentence[i] / length / sentences.size();
            }
        }
        double square = 0;
        for (double value : mean) {
            square += value * value;
        }
        float[] direction = new float[width];
        for (int i = 0; i < width; i++) {
            direction[i] = (float) (mean[i] / Math.max(1e-12, Math.sqrt(square)));
        }
        return direction;
    }

    private static double length(float[] row) {
        double square = 0;
        for (float value : row) {
            square += (double) value * value;
        }
        return Math.max(1e-12, Math.sqrt(square));
    }

    /**
     * The softmax's share of "damaged" for a picture's embedding (spec §3.3).
     *
     * @param embedding row of any length
     * @param directions as {@link #of} gives them
     * @param scale factor of the cosines
     * @return 0 to 1
     */
    public static double abnormalShare(float[] embedding, float[] directions, double scale) {
        int width = embedding.length;
        double difference = 0;
        for (int i = 0; i < width; i++) {
            difference += (double) embedding[i] * (directions[width + i] - directions[i]);
        }
        return 1 / (1 + Math.exp(-scale * difference / length(embedding)));
    }
}
