// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.internal.image.ConnectedComponents;
import java.util.Arrays;

/**
 * How well score maps show the anomalous pixels of a whole test set, normal pictures included. Add one picture after the
 * other, then ask; more pictures may follow. Not for several threads at once.
 *
 * <p>A region is an 8-connected component of one picture's mask: pixels that touch at a corner belong together.
 */
public final class PixelMetrics {
    private final Tally tally;
    private long regions;

    private PixelMetrics(Tally tally) {
        this.tally = tally;
    }

    /**
     * Metrics from every single score. Needs 4 bytes per normal pixel and 8 per anomalous one, up to three times that while
     * its memory grows.
     *
     * @return metrics without pictures yet
     */
    public static PixelMetrics exact() {
        return new PixelMetrics(new SortedTally());
    }

    /**
     * Metrics in 96 MiB, however many pixels there are. Scores count as equal if they fall into the same bin, of
     * which there are 8192 between one power of two and the next; thresholds are lower ends of bins. Within 1e-4 of {@link #exact()} on large
     * test sets with spread-out scores; not if most scores lie in a few bins, such as probabilities all above 0.999.
     *
     * @return metrics without pictures yet
     */
    public static PixelMetrics streaming() {
        return new PixelMetrics(new BinnedTally());
    }

    /**
     * Adds a picture.
     *
     * @param scores higher where more anomalous
     * @param truth the anomalous pixels; {@linkplain Mask#empty(int, int) empty} for a normal picture
     * @throws IllegalArgumentException if the sizes differ
     * @throws IllegalStateException if {@link #exact()} metrics would hold more than 2³¹ pixels
     */
    public void add(ScoreMap scores, Mask truth) {
        if (scores.width() != truth.width() || scores.height() != truth.height()) {
            throw new IllegalArgumentException(
                    "scores and truth must have the same size but have %d×%d and %d×%d; resize one of them"
                            .formatted(scores.width(), scores.height(), truth.width(), truth.height()));
        }
        var parts = ConnectedComponents.of(truth);
        int[] areas = new int[truth.width() * truth.height()];
        for (int y = 0, i = 0; y < truth.height(); y++) {
            for (int x = 0; x < truth.width(); x++, i++) {
                int label = parts.label(x, y);
                areas[i] = label == 0 ? 0 : parts.area(label);
            }
        }
        tally.add(scores.toArray(), areas);
        regions += parts.count();
    }

    /**
     * AUROC, average precision and best F1 over the pixels of all pictures together.
     *
     * @return the metrics; NaN as {@link ScoreMetrics} says
     * @throws IllegalStateException if no picture was added
     */
    public ScoreMetrics pixels() {
        checkNotEmpty();
        return ScoreMetrics.of(tally);
    }

    /**
     * The area under the per-region overlap up to a false positive rate of 0.3, as {@link ProMode#EXACT}.
     *
     * @return 0 to 1; NaN without regions or without normal pixels
     * @throws IllegalStateException if no picture was added
     */
    public double pro() {
        return pro(0.3, ProMode.EXACT);
    }

    /**
     * The area under the per-region overlap.
     *
     * @param limit the highest false positive rate, above 0, at most 1
     * @param mode how to take the area
     * @return 0 to 1; NaN without regions or without normal pixels, with {@link ProMode#LEGACY_200} also if all its points
     *     have the same rate
     * @throws IllegalArgumentException if the limit is out of range
     * @throws IllegalStateException if no picture was added
     */
    public double pro(double limit, ProMode mode) {
        if (!(limit > 0 && limit <= 1)) {
            throw new IllegalArgumentException("limit must be in (0, 1] but was " + limit);
        }
        checkNotEmpty();
        if (regions == 0 || tally.normal() == 0) {
            return Double.NaN;
        }
        return Areas.checked(
                "pro",
                switch (mode) {
                    case EXACT -> {
                        var area = new ProArea(tally.normal(), regions, limit);
                        tally.descend(area);
                        yield area.normalized();
                    }
                    case LEGACY_200 -> {
                        var area = new LegacyPro(tally, regions, limit);
                        tally.descend(area);
                        yield area.stretched();
                    }
                });
    }

    /**
     * The curve whose area {@link #pro()} is, with one point for each distinct score: of {@link #exact()} metrics it can be
     * as long as there are pixels.
     *
     * @return a new curve
     * @throws IllegalStateException if no picture was added
     */
    public ProCurve proCurve() {
        checkNotEmpty();
        int[] levels = {0};
        tally.descend((score, normal, anomalous, overlap) -> levels[0]++);
        double[] rates = new double[levels[0] + 1];
        double[] overlaps = new double[levels[0] + 1];
        levels[0] = 0;
        tally.descend((score, normal, anomalous, overlap) -> {
            int i = levels[0]++;
            rates[i + 1] = rates[i] + normal;
            overlaps[i + 1] = overlaps[i] + overlap;
        });
        double normal = tally.normal();
        Arrays.setAll(rates, i -> i == 0 ? 0 : rates[i] / normal);
        Arrays.setAll(overlaps, i -> i == 0 ? 0 : Math.min(1, overlaps[i] / regions));
        return new ProCurve(rates, overlaps);
    }

    private void checkNotEmpty() {
        if (tally.normal() + tally.anomalous() == 0) {
            throw new IllegalStateException("there are no pictures yet; call add(scores, truth) first");
        }
    }
}
