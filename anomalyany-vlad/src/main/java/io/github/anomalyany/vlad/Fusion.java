// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/**
 * How the two branches become one score and one map (spec §4.3). Implementations are immutable and safe for many threads.
 */
public interface Fusion {
    /**
     * What the branches found in a picture.
     *
     * @param language S_VL, how much the picture as a whole speaks of damage, 0 to 1
     * @param vision S_VV, the largest distance from the references; 0 without references
     * @param map the largest value of the fused map
     */
    record Evidence(double language, double vision, double map) {}

    /**
     * One line for provenance.
     *
     * @return as {@code "sum"}
     */
    String description();

    /**
     * The score of a picture.
     *
     * @param evidence what the branches found
     * @return higher for more anomalous; finite
     */
    double score(Evidence evidence);

    /**
     * The score of a pixel.
     *
     * @param language M_VL
     * @param vision M_VV; 0 without references
     * @return higher for more anomalous; finite
     */
    float pixel(float language, float vision);

    /**
     * The paper's: M = M_VL + M_VV, S = S_VL + S_VV.
     *
     * @return weights 1
     */
    static Fusion sum() {
        return weighted(1, 1);
    }

    /**
     * A weighted sum of both branches, for maps and scores.
     *
     * @param language weight of the vision-language branch, 0 or more
     * @param vision weight of the vision-vision branch, 0 or more
     * @return the fusion
     * @throws IllegalArgumentException if a weight is out of range or both are 0
     */
    static Fusion weighted(double language, double vision) {
        return new WeightedFusion(language, vision, 0);
    }

    /**
     * A weighted sum whose score also counts the fused map's maximum, as APRIL-GAN's does.
     *
     * @param language weight of the vision-language branch, 0 or more
     * @param vision weight of the vision-vision branch, 0 or more
     * @param map weight of the fused map's largest value in the score, 0 or more
     * @return the fusion
     * @throws IllegalArgumentException if a weight is out of range or the first two are 0
     */
    static Fusion weighted(double language, double vision, double map) {
        return new WeightedFusion(language, vision, map);
    }
}
