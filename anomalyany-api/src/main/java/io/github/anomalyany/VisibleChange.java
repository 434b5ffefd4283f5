// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/**
 * How visibly a generated picture differs from the normal one inside its mask. Differences are CIE76 colour differences
 * after light smoothing; about 2.3 is just noticeable.
 *
 * @param area pixels of the mask
 * @param mean mean difference over the mask, 0 or more; 0 for an empty mask
 * @param max largest difference in the mask, 0 or more
 */
public record VisibleChange(long area, double mean, double max) {}
