// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.image.Region;

/**
 * Chooses which part of a picture the model sees, and at which size. Pure; any thread.
 */
public interface Frame {
    /**
     * Sizes that a model can work at.
     *
     * @param nativeSide side in pixels that the model was trained at, 512 for Stable Diffusion 1.5
     * @param multiple what each side must be a multiple of, in pixels
     */
    record ModelSize(int nativeSide, int multiple) {
        /**
         * The multiple nearest to a length, at least one.
         *
         * @param pixels a length
         * @return a side that the model can work at
         */
        public int nearest(double pixels) {
            return Math.max(1, (int) Math.rint(pixels / multiple)) * multiple;
        }

        /**
         * The multiple at or above a length, at least one.
         *
         * @param pixels a length
         * @return a side that the model can work at
         */
        public int covering(double pixels) {
            return Math.max(1, (int) Math.ceil(pixels / multiple)) * multiple;
        }
    }

    /**
     * A part of a picture at a size for the model.
     *
     * @param x left column of the part in the picture, may be negative
     * @param y top row of the part in the picture, may be negative
     * @param width columns of the part; what lies beyond the picture repeats its border
     * @param height rows of the part
     * @param modelWidth columns that the model sees
     * @param modelHeight rows that the model sees
     */
    record Placement(int x, int y, int width, int height, int modelWidth, int modelHeight) {}

    /**
     * One line for provenance.
     *
     * @return as {@code "fit"}
     */
    String description();

    /**
     * Places a picture.
     *
     * @param width columns of the picture
     * @param height rows of the picture
     * @param size sizes that the model can work at
     * @return the part and its size
     */
    Placement place(int width, int height, ModelSize size);

    /**
     * The whole picture, its longer side at the native size, padded to the model's next multiple on the shorter. The
     * default.
     *
     * @return the frame
     */
    static Frame fit() {
        return new Frames.Fit();
    }

    /**
     * The whole picture, stretched to the native square, as the released code does.
     *
     * @return the frame
     */
    static Frame stretch() {
        return new Frames.Stretch();
    }

    /**
     * A square around a part of the picture, so that a small defect keeps its resolution.
     *
     * @param region the part
     * @param margin added on each side, as a share of the part's longer side, 0 to 100
     * @return the frame
     * @throws IllegalArgumentException if the margin is out of range
     */
    static Frame around(Region region, double margin) {
        return new Frames.Around(region, margin);
    }
}
