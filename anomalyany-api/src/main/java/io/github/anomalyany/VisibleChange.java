// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/**
 * How visibly a generated picture differs from the normal one. Differences are CIE76 colour differences after light smoothing;
 * about 2.3 is just noticeable. The last three are taken before the surroundings are pasted back.
 *
 * @param area pixels of the mask
 * @param mean mean difference over the mask, 0 or more; 0 for an empty mask
 * @param max largest difference in the mask, 0 or more
 * @param inside mean difference inside the region, 0 or more
 * @param outside mean difference outside the region in the part that the model saw, 0 or more; 0 where there is none
 * @param share share of the visibly changed pixels that lie inside the region, 0 to 1; 1 where nothing changed
 */
public record VisibleChange(long area, double mean, double max, double inside, double outside, double share) {}
