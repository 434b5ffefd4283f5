// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.image.Region;
import java.awt.Point;
import java.util.List;
import java.util.Objects;

/**
 * A connected part of a picture above the pixel threshold; pixels that touch at a corner are connected.
 *
 * @param box the smallest rectangle around it
 * @param area pixels, at least 1
 * @param mean mean score of its pixels
 * @param max largest score of its pixels
 * @param outline its outer border: pixels' corners, clockwise from its first pixel's upper left, without those on straight
 *     lines
 */
public record AnomalyRegion(Region box, int area, double mean, double max, List<Point> outline) {
    /**
     * Copies the outline.
     *
     * @param box the smallest rectangle around it
     * @param area pixels, at least 1
     * @param mean mean score of its pixels
     * @param max largest score of its pixels
     * @param outline its outer border
     */
    public AnomalyRegion {
        Objects.requireNonNull(box, "box");
        outline = List.copyOf(outline);
    }
}
