// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;

/**
 * Says where in a normal picture the anomaly may be. Pure: equal arguments give equal masks on every Java runtime and from
 * any thread.
 */
public interface RegionProposal {
    /** What {@link #random(Shape, double, double)} draws. Each is one connected region. */
    enum Shape {
        /** A turned ellipse, like a stain or a dent. */
        ELLIPSE,
        /** A convex polygon of four to seven sides, like a chip. */
        POLYGON,
        /** A wobbly line with thin ends, like a scratch or a crack. */
        STROKE,
        /** Gradient noise of four octaves around a centre, cut at a level, like corrosion. */
        PERLIN_BLOB,
        /** One of the others, drawn anew for each seed and image. */
        ANY
    }

    /**
     * One line for provenance.
     *
     * @return as {@code "random(ellipse,0.02..0.1,inside=foreground)"}
     */
    String description();

    /**
     * Proposes the region of one picture of a request.
     *
     * @param normal the normal picture
     * @param seed seed of the request, any value
     * @param image index of the picture in the request, 0 or more
     * @return the region, of the normal picture's size, not empty
     * @throws IllegalArgumentException if the proposal doesn't fit the picture
     */
    Mask propose(RgbImage normal, long seed, int image);

    /**
     * This proposal, or another one where it refuses the picture: {@code foreground().orElse(wholeImage())} serves objects and
     * surfaces alike.
     *
     * @param other the proposal to use instead
     * @return the proposal
     */
    default RegionProposal orElse(RegionProposal other) {
        return new RegionProposals.Either(this, other);
    }

    /**
     * The whole picture.
     *
     * @return the proposal
     */
    static RegionProposal wholeImage() {
        return new RegionProposals.WholeImage();
    }

    /**
     * A mask of one's own, for every seed and image.
     *
     * @param mask the region, not empty; a picture of another size is refused
     * @return the proposal
     * @throws IllegalArgumentException if the mask is empty
     */
    static RegionProposal mask(Mask mask) {
        return new RegionProposals.Given(mask);
    }

    /**
     * The object, light, dark or of another colour than the background around it: what Otsu's method separates by the distance
     * from the border's median colour. Parts that look like the background are left out; a large hole, as of a ring, is
     * background. A picture without such an object is refused: a texture, an object that the border cuts, one colour only, or
     * an object of less than 1 % or more than 95 % of the picture.
     *
     * @return the proposal
     */
    static RegionProposal foreground() {
        return new RegionProposals.Foreground();
    }

    /**
     * A random shape at a random place of the {@link #foreground()}.
     *
     * @param shape what is drawn
     * @param minArea least area as a share of the foreground, above 0
     * @param maxArea largest area as a share of the foreground, {@code minArea} to 1
     * @return the proposal
     * @throws IllegalArgumentException if an area is out of range
     */
    static RegionProposal random(Shape shape, double minArea, double maxArea) {
        return random(shape, minArea, maxArea, foreground());
    }

    /**
     * A random shape at a random place of another region. Every pixel of the region is equally likely to be its centre; where the
     * shape reaches the region's end it is cut off there and grows elsewhere, so that its area is as asked. A region whose
     * connected parts are all too small is refused.
     *
     * @param shape what is drawn
     * @param minArea least area as a share of the other region, above 0
     * @param maxArea largest area as a share of the other region, {@code minArea} to 1
     * @param inside the other region
     * @return the proposal
     * @throws IllegalArgumentException if an area is out of range
     */
    static RegionProposal random(Shape shape, double minArea, double maxArea, RegionProposal inside) {
        return new RegionProposals.Random(shape, minArea, maxArea, inside);
    }

    /**
     * Any shape of 2 to 10 % of the foreground.
     *
     * @return the proposal
     */
    static RegionProposal random() {
        return random(Shape.ANY, 0.02, 0.1);
    }
}
