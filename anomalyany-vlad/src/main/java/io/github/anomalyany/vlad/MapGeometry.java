// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Locale;
import java.util.function.IntToDoubleFunction;

/**
 * How scores of patches become scores of pixels: one linear operator an axis (spec §3.4). Implementations are immutable and
 * safe for many threads.
 */
public interface MapGeometry {
    /**
     * One line for provenance.
     *
     * @return as {@code "align-corners"}
     */
    String description();

    /**
     * The operator of one axis.
     *
     * @param grid patches along the axis
     * @param side pixels along the axis
     * @param patchSize pixels of a patch
     * @return weights {@code [pixel][patch]}, rows that sum to 1
     */
    double[][] operator(int grid, int side, int patchSize);

    /**
     * Bilinear, the outer patches' centres on the outer pixels: the paper's peers. Shifts the map by up to half a patch.
     *
     * @return o·(g−1)/(s−1)
     */
    static MapGeometry alignCorners() {
        return bilinear(
                "align-corners", (grid, side, patch) -> o -> side == 1 ? 0 : (double) o * (grid - 1) / (side - 1));
    }

    /**
     * Bilinear, the grid stretched over the picture.
     *
     * @return (o+½)·g/s−½
     */
    static MapGeometry halfPixel() {
        return bilinear("half-pixel", (grid, side, patch) -> o -> (o + 0.5) * grid / side - 0.5);
    }

    /**
     * Bilinear, every patch where the backbone saw it; a border beyond the last whole patch repeats it.
     *
     * @return (o+½)/p−½
     */
    static MapGeometry patchExact() {
        return bilinear("patch-exact", (grid, side, patch) -> o -> (o + 0.5) / patch - 0.5);
    }

    /** Where the pixels of an axis lie on the grid. */
    @FunctionalInterface
    interface Source {
        /**
         * Positions on the grid.
         *
         * @param grid patches along the axis
         * @param side pixels along the axis
         * @param patchSize pixels of a patch
         * @return the position of each pixel, in patches from the first one's centre
         */
        IntToDoubleFunction positions(int grid, int side, int patchSize);
    }

    /**
     * Bilinear interpolation at given positions.
     *
     * @param name for provenance
     * @param source where the pixels lie; positions beyond the outer centres count as those
     * @return the geometry
     */
    static MapGeometry bilinear(String name, Source source) {
        return new MapGeometry() {
            @Override
            public String description() {
                return name.toLowerCase(Locale.ROOT);
            }

            @Override
            public double[][] operator(int grid, int side, int patchSize) {
                var weights = new double[side][grid];
                var positions = source.positions(grid, side, patchSize);
                for (int o = 0; o < side; o++) {
                    double position = Math.min(grid - 1, Math.max(0, positions.applyAsDouble(o)));
                    int left = (int) position;
                    weights[o][left] += 1 - (position - left);
                    weights[o][Math.min(left + 1, grid - 1)] += position - left;
                }
                return weights;
            }
        };
    }
}
