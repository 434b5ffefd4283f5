// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.internal.image;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Finds the object in a picture. The border votes for the background by its median colour; Otsu's method splits the
 * distances from that colour, so that lightness, darkness and colour all count. Works on a small copy, so that the result
 * doesn't depend on how many pixels the picture has, and with operations that give the same bits on every machine.
 */
public final class ForegroundFinder {
    /** Longer side of the copy that is looked at. */
    private static final int SIDE = 256;
    /** Smoothing against noise and fine texture, in pixels of a copy of that side. */
    private static final double SIGMA = 1.5;
    /** Width of the border that votes, as a share of the shorter side. */
    private static final double BORDER = 0.03;
    /** Least distance between object and background, in levels of 0 to 255. */
    private static final int CONTRAST = 4;
    /** Least gradient of a sharp outline, as a share of the threshold per pixel. */
    private static final float SHARP = 0.2f;
    /** Least share of an outline that is sharp; shading and vignetting have less. */
    private static final double SHARP_SHARE = 0.2;
    /** How much more of the picture than of its border must be object; textures that we drew have up to 2.1 times as much. */
    private static final double BORDER_FACTOR = 2.5;
    /** Parts below this share of the largest are specks; holes below this share of the object belong to it. */
    private static final double SPECK = 0.1;

    private static final double LEAST_AREA = 0.01;
    private static final double MOST_AREA = 0.95;
    private static final String REMEDY = "; give a mask with region(...) or use RegionProposal.wholeImage()";

    private final int width;
    private final int height;
    private final int[] border;
    /** Of each pixel's colour from the background's. */
    private final float[] distance;

    private ForegroundFinder(RgbImage image) {
        width = image.width();
        height = image.height();
        border = border();
        distance = distances(image.toBytes());
    }

    /**
     * Finds the object.
     *
     * @param image one object before a background that makes up most of the border
     * @return its pixels, of the picture's size, not empty
     * @throws IllegalArgumentException if there is no such object; the message says what was found instead
     */
    public static Mask find(RgbImage image) {
        double scale = Math.min(1, (double) SIDE / Math.max(image.width(), image.height()));
        int width = Math.max(1, (int) Math.rint(scale * image.width()));
        int height = Math.max(1, (int) Math.rint(scale * image.height()));
        Mask found = new ForegroundFinder(image.resize(width, height, Resampling.BICUBIC)).object();
        return scale == 1 ? found : enlarge(found, image.width(), image.height());
    }

    private Mask object() {
        float threshold = threshold();
        boolean[] above = above(threshold);
        double share = share(above, IntStream.range(0, above.length));
        double borderShare = share(above, Arrays.stream(border));
        if (borderShare * BORDER_FACTOR > share) {
            throw refusal(
                    "%s %% of its border and %s %% of the whole are unlike the border's median colour, an object has"
                                    .formatted(percent(borderShare), percent(share))
                            + " at least " + BORDER_FACTOR
                            + " times as much of the whole; it may be a texture or cut by the border");
        }
        Mask object = withoutHoles(withoutSpecks(Mask.of(width, height, above)));
        double area = (double) object.area() / above.length;
        if (area < LEAST_AREA || area > MOST_AREA) {
            throw refusal(
                    "what is unlike the border covers " + percent(area) + " % of the picture, an object 1 to 95 %");
        }
        return object;
    }

    private static IllegalArgumentException refusal(String finding) {
        return new IllegalArgumentException("found no object in the picture: " + finding + REMEDY);
    }

    private static double percent(double share) {
        return Math.rint(1000 * share) / 10;
    }

    private int[] border() {
        int thick = Math.max(1, (int) Math.rint(BORDER * Math.min(width, height)));
        return IntStream.range(0, width * height)
                .filter(i -> {
                    int x = i % width;
                    int y = i / width;
                    return Math.min(Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)) < thick;
                })
                .toArray();
    }

    private float[] distances(byte[] rgb) {
        double sigma = SIGMA * Math.max(width, height) / SIDE;
        float[] squares = new float[width * height];
        float[] plane = new float[width * height];
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = rgb[3 * i + c] & 0xff;
            }
            float[] smooth = GaussianFilter.apply(plane, width, height, sigma);
            float background = atBorder(smooth, 0.5);
            for (int i = 0; i < plane.length; i++) {
                float difference = smooth[i] - background;
                squares[i] += difference * difference;
            }
        }
        for (int i = 0; i < squares.length; i++) {
            squares[i] = (float) Math.sqrt(squares[i]);
        }
        return squares;
    }

    /** The value that a share of the border's pixels doesn't exceed. */
    private float atBorder(float[] values, double share) {
        float[] sorted = new float[border.length];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[border[i]];
        }
        Arrays.sort(sorted);
        return sorted[(int) (share * (sorted.length - 1))];
    }

    /**
     * Otsu's threshold, lowered where that puts the outline on sharper edges: the shaded side of an object differs less from
     * a dark background than its bright side does. A shadow has no sharp edge, so it stays out.
     */
    private float threshold() {
        float otsu = middle(Otsu.threshold(distance));
        if (otsu < CONTRAST) {
            throw refusal("its colours differ from the border's by %s of 255 levels, at least %s are needed"
                    .formatted(Math.rint(10 * otsu) / 10, CONTRAST));
        }
        float[] gradients = squaredGradients();
        double least = Math.max(Math.max(CONTRAST, 1.5 * atBorder(distance, 0.95)), 0.2 * otsu);
        float best = otsu;
        double bestShare = sharpShare(otsu, gradients);
        for (float lower = 0.85f * otsu; lower > least; lower *= 0.85f) {
            double sharp = sharpShare(lower, gradients);
            if (sharp > bestShare / 0.95) {
                best = lower;
                bestShare = sharp;
            }
        }
        if (bestShare < SHARP_SHARE) {
            throw refusal(
                    "only " + percent(bestShare) + " % of the outline of what is unlike the border lies on an edge,"
                            + " at least 20 % are needed: shading rather than an object");
        }
        return best;
    }

    /** Half way between the means below and above a threshold: Otsu's own is at the lower end of a gap. */
    private float middle(float threshold) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (float value : distance) {
            int side = value > threshold ? 1 : 0;
            sums[side] += value;
            counts[side]++;
        }
        return (float) ((sums[0] / Math.max(1, counts[0]) + sums[1] / Math.max(1, counts[1])) / 2);
    }

    private float[] squaredGradients() {
        float[] squares = new float[distance.length];
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                float dx = (distance[x < width - 1 ? i + 1 : i] - distance[x > 0 ? i - 1 : i]) / 2;
                float dy = (distance[y < height - 1 ? i + width : i] - distance[y > 0 ? i - width : i]) / 2;
                squares[i] = dx * dx + dy * dy;
            }
        }
        return squares;
    }

    /** Share of the outline of what lies above a threshold that has a steep gradient. */
    private double sharpShare(float threshold, float[] squaredGradients) {
        float least = SHARP * SHARP * threshold * threshold;
        int outline = 0;
        int sharp = 0;
        for (int y = 0, i = 0; y < height; y++) {
            for (int x = 0; x < width; x++, i++) {
                boolean onOutline = distance[i] > threshold
                        && ((x > 0 && distance[i - 1] <= threshold)
                                || (x < width - 1 && distance[i + 1] <= threshold)
                                || (y > 0 && distance[i - width] <= threshold)
                                || (y < height - 1 && distance[i + width] <= threshold));
                if (onOutline) {
                    outline++;
                    sharp += squaredGradients[i] > least ? 1 : 0;
                }
            }
        }
        return outline == 0 ? 0 : (double) sharp / outline;
    }

    private boolean[] above(float threshold) {
        boolean[] above = new boolean[distance.length];
        for (int i = 0; i < above.length; i++) {
            above[i] = distance[i] > threshold;
        }
        return above;
    }

    private static double share(boolean[] set, IntStream of) {
        return of.map(i -> set[i] ? 1 : 0).average().orElse(0);
    }

    private static Mask withoutSpecks(Mask mask) {
        var parts = ConnectedComponents.of(mask);
        int largest =
                IntStream.rangeClosed(1, parts.count()).map(parts::area).max().orElse(0);
        return ConnectedComponents.withoutSpecks(mask, (int) Math.ceil(SPECK * largest));
    }

    /** Fills small holes, such as highlights; a large one, as of a ring, shows the background. */
    private Mask withoutHoles(Mask mask) {
        var parts = ConnectedComponents.of(mask.invert());
        var kept = new BitSet();
        for (int i : border) {
            kept.set(parts.label(i % width, i / width));
        }
        for (int label = 1; label <= parts.count(); label++) {
            if (parts.area(label) > SPECK * mask.area()) {
                kept.set(label);
            }
        }
        kept.clear(0); // the object itself
        boolean[] object = new boolean[distance.length];
        for (int i = 0; i < object.length; i++) {
            object[i] = !kept.get(parts.label(i % width, i / width));
        }
        return Mask.of(width, height, object);
    }

    private static Mask enlarge(Mask mask, int toWidth, int toHeight) {
        float[] plane = new float[mask.width() * mask.height()];
        for (int i = 0; i < plane.length; i++) {
            plane[i] = mask.contains(i % mask.width(), i / mask.width()) ? 1 : 0;
        }
        float[] large = Interpolation.bilinear(mask.width(), mask.height(), toWidth, toHeight)
                .apply(plane);
        boolean[] pixels = new boolean[large.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = large[i] > 0.5f;
        }
        return Mask.of(toWidth, toHeight, pixels);
    }
}
