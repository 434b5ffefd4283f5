// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.internal.Regions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a detector found in a picture. Scores are raw: higher is more anomalous, they are no probabilities, and only a
 * calibration says what is high.
 *
 * @param score the picture's score
 * @param language its part from texts, S_VL, 0 to 1
 * @param vision its part from references, S_VV; empty without references
 * @param map each pixel's score, of the picture's size
 * @param decision whether the picture is good
 * @param regions parts above the pixel threshold, the highest score first; empty where there is no threshold
 * @param calibration the thresholds used
 * @param scale range of the colours of {@link #overlay}
 * @param provenance how it was found
 */
public record Detection(
        double score,
        double language,
        OptionalDouble vision,
        ScoreMap map,
        Decision decision,
        List<AnomalyRegion> regions,
        Optional<Calibration> calibration,
        Scale scale,
        Provenance provenance) {
    /**
     * A range of pixel scores.
     *
     * @param low what shows as nothing
     * @param high what shows as the last colour
     */
    public record Scale(double low, double high) {}

    /**
     * Copies the list.
     *
     * @param score the picture's score
     * @param language its part from texts
     * @param vision its part from references
     * @param map each pixel's score
     * @param decision whether the picture is good
     * @param regions parts above the pixel threshold
     * @param calibration the thresholds used
     * @param scale range of the colours
     * @param provenance how it was found
     */
    public Detection {
        Objects.requireNonNull(vision, "vision");
        Objects.requireNonNull(map, "map");
        Objects.requireNonNull(decision, "decision");
        regions = List.copyOf(regions);
        Objects.requireNonNull(calibration, "calibration");
        Objects.requireNonNull(scale, "scale");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * The score on a scale of 0 to 1; see {@link Calibration#normalized}.
     *
     * @return 0.5 at the threshold; empty where there is no calibration
     */
    public OptionalDouble normalizedScore() {
        return calibration.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(calibration.get().normalized(score));
    }

    /**
     * Pixels above the pixel threshold.
     *
     * @return a mask of the picture's size; empty where there is no calibration
     */
    public Optional<Mask> mask() {
        return calibration.map(found -> map.threshold((float) found.pixelThreshold()));
    }

    /**
     * Parts above any threshold.
     *
     * @param pixelThreshold a pixel score
     * @return the parts, the highest score first
     */
    public List<AnomalyRegion> regions(double pixelThreshold) {
        return Regions.above(map, (float) pixelThreshold);
    }

    /**
     * The map over the picture. The colours' scale comes from the calibration, with the pixel threshold at its middle, and
     * never from this picture alone.
     *
     * @param picture the picture that was looked at
     * @return a picture of the same size
     * @throws IllegalArgumentException if the picture has another size
     */
    public RgbImage overlay(RgbImage picture) {
        return map.overlay(picture, scale.low(), scale.high());
    }
}
