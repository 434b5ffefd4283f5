// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/**
 * The per-region overlap against the false positive rate, from (0, 0) and one point for each distinct score, thresholds
 * falling. The arrays belong to whoever asked for the curve.
 *
 * @param falsePositiveRates normal pixels at or above the threshold, as a share of all normal pixels; ascending, 0 to 1, NaN
 *     after the first without normal pixels
 * @param overlaps mean over the regions of the share of their pixels at or above the threshold; ascending, 0 to 1, NaN after
 *     the first without regions
 */
@SuppressWarnings("ArrayRecordComponent") // for plots, never compared
public record ProCurve(double[] falsePositiveRates, double[] overlaps) {}
