// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Objects;

/**
 * Where good ends and anomalous begins, for one category and one way of detecting.
 *
 * @param imageThreshold pictures with a higher score are anomalous
 * @param pixelThreshold pixels with a higher score are anomalous
 * @param imageTypical score of a typical good picture, below the threshold
 * @param pixelTypical largest pixel score of a typical good picture's map, below the threshold
 * @param method how it was found, in words
 */
public record Calibration(
        double imageThreshold, double pixelThreshold, double imageTypical, double pixelTypical, String method) {
    /**
     * Checks the order.
     *
     * @param imageThreshold pictures with a higher score are anomalous
     * @param pixelThreshold pixels with a higher score are anomalous
     * @param imageTypical score of a typical good picture, below the threshold
     * @param pixelTypical largest pixel score of a typical good picture's map, below the threshold
     * @param method how it was found, in words
     * @throws IllegalArgumentException if a number isn't finite or a typical value isn't below its threshold
     */
    public Calibration {
        Objects.requireNonNull(method, "method");
        check("image", imageTypical, imageThreshold);
        check("pixel", pixelTypical, pixelThreshold);
    }

    private static void check(String kind, double typical, double threshold) {
        if (!(typical < threshold) || !Double.isFinite(typical) || !Double.isFinite(threshold)) {
            throw new IllegalArgumentException("%sTypical must be finite and below %sThreshold but they were %s and %s"
                    .formatted(kind, kind, typical, threshold));
        }
    }

    /**
     * Thresholds that somebody chose. The scale begins at 0.
     *
     * @param imageThreshold pictures with a higher score are anomalous; above 0
     * @param pixelThreshold pixels with a higher score are anomalous; above 0
     * @return the calibration
     * @throws IllegalArgumentException if one isn't above 0
     */
    public static Calibration manual(double imageThreshold, double pixelThreshold) {
        return new Calibration(imageThreshold, pixelThreshold, 0, 0, "manual");
    }

    /**
     * The same with other thresholds.
     *
     * @param imageThreshold pictures with a higher score are anomalous
     * @param pixelThreshold pixels with a higher score are anomalous
     * @return a new calibration
     * @throws IllegalArgumentException if one isn't above its typical value
     */
    public Calibration withThresholds(double imageThreshold, double pixelThreshold) {
        return new Calibration(imageThreshold, pixelThreshold, imageTypical, pixelTypical, method + ", then by hand");
    }

    /**
     * A score on a scale that users can read.
     *
     * @param score score of a picture
     * @return 0 for a typical good one and below, 0.5 at the threshold, 1 as far beyond it
     */
    public double normalized(double score) {
        double share = 0.5 + 0.5 * (score - imageThreshold) / (imageThreshold - imageTypical);
        return Math.max(0, Math.min(1, share));
    }
}
