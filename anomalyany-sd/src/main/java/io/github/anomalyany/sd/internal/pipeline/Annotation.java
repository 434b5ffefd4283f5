// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.Acceptance;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
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
import java.util.Optional;

/**
 * Which pixels show the anomaly: those where the words attended and where the picture visibly changed.
 *
 * @param mask the pixels
 * @param change how much of the picture changed, and how far
 * @param verdict whether the picture shows an anomaly at all
 */
record Annotation(Mask mask, VisibleChange change, Verdict verdict) {
    /** Standard deviation of the smoothing, in pixels of a picture whose shorter side is 256. */
    private static final double SMOOTHING = 1.5;

    /** Smallest patch kept, as a share of the region. */
    private static final double SPECK = 0.0005;

    /**
     * What an annotation is made from.
     *
     * @param frame the part that the model saw
     * @param region where the anomaly may be
     * @param part the part as the model made it
     * @param made the whole picture with the part pasted in
     * @param scores where the words attended
     * @param clipGain gain of CLIP's similarity to the description, where it was asked for
     */
    record Evidence(
            WorkingFrame frame,
            TargetRegion region,
            RgbImage part,
            RgbImage made,
            ScoreMap scores,
            Optional<Double> clipGain) {}

    static Annotation of(Evidence evidence, Acceptance limits) {
        RgbImage normal = evidence.frame.normal();
        int w = normal.width();
        int h = normal.height();
        float[] change = change(normal, evidence.made);
        float[] score = evidence.scores.toArray();
        var inRegion = new boolean[w * h];
        int area = 0;
        for (int i = 0; i < inRegion.length; i++) {
            inRegion[i] = evidence.region.covers(i % w, i / w);
            area += inRegion[i] ? 1 : 0;
        }
        float threshold = Otsu.threshold(selected(score, inRegion, area));
        var pixels = new boolean[w * h];
        boolean visible = false;
        for (int i = 0; i < pixels.length; i++) {
            boolean changed = inRegion[i] && change[i] > limits.visibleChange();
            visible |= changed;
            pixels[i] = changed && score[i] > threshold;
        }
        Mask mask = ConnectedComponents.withoutSpecks(Mask.of(w, h, pixels), (int) Math.max(4, SPECK * area));
        VisibleChange measured = measure(mask, change, evidence, limits);
        return new Annotation(mask, measured, judge(mask, visible, measured, evidence, limits));
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

    private static VisibleChange measure(Mask mask, float[] change, Evidence evidence, Acceptance limits) {
        double sum = 0;
        double max = 0;
        for (int i = 0; i < change.length; i++) {
            if (mask.contains(i % mask.width(), i / mask.width())) {
                sum += change[i];
                max = Math.max(max, change[i]);
            }
        }
        var spread = Spread.of(evidence, limits.visibleChange());
        return new VisibleChange(
                mask.area(), mask.isEmpty() ? 0 : sum / mask.area(), max, spread.inside, spread.outside, spread.share);
    }

    /** Change of the model's part inside and outside the region, before it is pasted. */
    private record Spread(double inside, double outside, double share) {
        static Spread of(Evidence evidence, double visible) {
            var placement = evidence.frame.placement();
            float[] change = change(evidence.frame.part(), evidence.part);
            double[] sums = new double[2];
            long[] counts = new long[2];
            long[] changed = new long[2];
            for (int i = 0; i < change.length; i++) {
                int x = placement.x() + i % placement.width();
                int y = placement.y() + i / placement.width();
                Mask region = evidence.region.mask();
                if (x >= 0 && y >= 0 && x < region.width() && y < region.height()) {
                    int where = region.contains(x, y) ? 0 : 1;
                    sums[where] += change[i];
                    counts[where]++;
                    changed[where] += change[i] > visible ? 1 : 0;
                }
            }
            long all = changed[0] + changed[1];
            return new Spread(
                    sums[0] / Math.max(1, counts[0]),
                    sums[1] / Math.max(1, counts[1]),
                    all == 0 ? 1 : (double) changed[0] / all);
        }
    }

    private static Verdict judge(
            Mask mask, boolean visible, VisibleChange change, Evidence evidence, Acceptance limits) {
        List<Reason> reasons = new ArrayList<>();
        if (!visible) {
            reasons.add(new Reason(
                    Criterion.NO_VISIBLE_CHANGE,
                    "no visible change in the region: the colour difference stays below %s; raise strength or"
                                    .formatted(limits.visibleChange())
                            + " guidanceScale, or try another seed"));
        } else if (mask.isEmpty()) {
            reasons.add(new Reason(
                    Criterion.EMPTY_MASK,
                    "the picture changed visibly, but not where the words attended; try another seed"));
        }
        double covered = (double) mask.area() / ((long) mask.width() * mask.height());
        if (covered > limits.largestMask()) {
            reasons.add(new Reason(
                    Criterion.MASK_TOO_LARGE,
                    "the mask covers %.2f of the picture, more than %s; name a smaller region or lower strength"
                            .formatted(covered, limits.largestMask())));
        }
        double contrast = contrast(evidence);
        if (contrast < limits.attentionContrast()) {
            reasons.add(new Reason(
                    Criterion.FLAT_ATTENTION,
                    ("the words attend everywhere alike: their largest attention is %.2f times its mean over the region,"
                                    + " less than %s; the model may not know the word")
                            .formatted(contrast, limits.attentionContrast())));
        }
        if (limits.changeStaysInside() && change.outside() > change.inside()) {
            reasons.add(new Reason(
                    Criterion.CHANGE_OUTSIDE,
                    "the picture changed more outside the region (%.2f) than inside (%.2f); try another seed"
                            .formatted(change.outside(), change.inside())));
        }
        if (evidence.clipGain.isPresent() && limits.clipMargin().isPresent()) {
            double gain = evidence.clipGain.get();
            double margin = limits.clipMargin().getAsDouble();
            if (gain < margin) {
                reasons.add(new Reason(
                        Criterion.CLIP_MARGIN,
                        "CLIP's similarity to the description grew by %.4f, less than %s; try another seed or description"
                                .formatted(gain, margin)));
            }
        }
        return new Verdict(reasons);
    }

    /** Largest score over mean score, over the region: the scores' largest is 1 unless all are 0. */
    private static double contrast(Evidence evidence) {
        double sum = 0;
        double largest = 0;
        long count = 0;
        for (int y = 0; y < evidence.scores.height(); y++) {
            for (int x = 0; x < evidence.scores.width(); x++) {
                if (evidence.region.covers(x, y)) {
                    double score = evidence.scores.value(x, y);
                    sum += score;
                    largest = Math.max(largest, score);
                    count++;
                }
            }
        }
        return sum > 0 ? largest * count / sum : 1;
    }
}
