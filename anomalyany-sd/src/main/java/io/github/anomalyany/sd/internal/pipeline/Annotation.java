// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.Verdict;
import io.github.anomalyany.VisibleChange;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.ConnectedComponents;
import io.github.anomalyany.internal.image.GaussianFilter;
import io.github.anomalyany.internal.image.Otsu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which pixels show the anomaly: those where the words attended and where the picture visibly changed.
 *
 * @param mask the pixels
 * @param change how much of the picture changed, and how far
 * @param verdict whether the picture shows an anomaly at all
 */
record Annotation(Mask mask, VisibleChange change, Verdict verdict) {
    /** Colour difference (CIE76, smoothed) from which a change counts as visible. */
    private static final double VISIBLE = 5;

    /** Standard deviation of the smoothing, in pixels of a picture whose shorter side is 256. */
    private static final double SMOOTHING = 1.5;

    /** Smallest patch kept, as a share of the region. */
    private static final double SPECK = 0.0005;

    static Annotation of(WorkingFrame frame, RgbImage normal, RgbImage made, ScoreMap scores) {
        int w = normal.width();
        int h = normal.height();
        float[] change = change(normal, made);
        float[] score = scores.toArray();
        var inRegion = new boolean[w * h];
        int area = 0;
        for (int i = 0; i < inRegion.length; i++) {
            inRegion[i] = frame.covers(i % w, i / w);
            area += inRegion[i] ? 1 : 0;
        }
        float threshold = Otsu.threshold(selected(score, inRegion, area));
        var pixels = new boolean[w * h];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = inRegion[i] && score[i] > threshold && change[i] > VISIBLE;
        }
        Mask mask = ConnectedComponents.withoutSpecks(Mask.of(w, h, pixels), (int) Math.max(4, SPECK * area));
        return new Annotation(mask, measure(mask, change), judge(mask));
    }

    /** Colour difference of each pixel, smoothed so that single pixels of texture don't count. */
    private static float[] change(RgbImage normal, RgbImage made) {
        double sigma = SMOOTHING * Math.max(1, Math.min(normal.width(), normal.height()) / 256.0);
        return GaussianFilter.apply(ColourDifference.between(normal, made), normal.width(), normal.height(), sigma);
    }

    private static float[] selected(float[] values, boolean[] chosen, int count) {
        var selected = new float[count];
        int next = 0;
        for (int i = 0; i < values.length; i++) {
            if (chosen[i]) {
                selected[next++] = values[i];
            }
        }
        return Arrays.copyOf(selected, Math.max(1, next));
    }

    private static VisibleChange measure(Mask mask, float[] change) {
        double sum = 0;
        double max = 0;
        for (int i = 0; i < change.length; i++) {
            if (mask.contains(i % mask.width(), i / mask.width())) {
                sum += change[i];
                max = Math.max(max, change[i]);
            }
        }
        return new VisibleChange(mask.area(), mask.isEmpty() ? 0 : sum / mask.area(), max);
    }

    private static Verdict judge(Mask mask) {
        List<String> reasons = new ArrayList<>();
        if (mask.isEmpty()) {
            reasons.add("no visible change where the words attended: the colour difference stays below " + VISIBLE);
        }
        return new Verdict(reasons);
    }
}
