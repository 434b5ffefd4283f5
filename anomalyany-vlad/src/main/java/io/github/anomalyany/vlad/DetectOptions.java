// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.image.Mask;
import java.util.Objects;
import java.util.Optional;

/**
 * What one call may have otherwise.
 *
 * @param region the pixels that count, of the picture's size; others score 0. Empty for all
 * @param calibration thresholds instead of those of the bank or the detector
 */
public record DetectOptions(Optional<Mask> region, Optional<Calibration> calibration) {
    /**
     * Checks for nulls.
     *
     * @param region the pixels that count
     * @param calibration thresholds instead of those of the bank or the detector
     */
    public DetectOptions {
        Objects.requireNonNull(region, "region");
        Objects.requireNonNull(calibration, "calibration");
    }

    /**
     * Everything as the bank and the detector have it.
     *
     * @return the options
     */
    public static DetectOptions none() {
        return new DetectOptions(Optional.empty(), Optional.empty());
    }

    /**
     * The same with a region.
     *
     * @param region the pixels that count, of the picture's size
     * @return new options
     */
    public DetectOptions withRegion(Mask region) {
        return new DetectOptions(Optional.of(region), calibration);
    }

    /**
     * The same with thresholds.
     *
     * @param calibration the thresholds
     * @return new options
     */
    public DetectOptions withCalibration(Calibration calibration) {
        return new DetectOptions(region, Optional.of(calibration));
    }
}
