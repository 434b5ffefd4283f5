// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** The area under the PRO curve as {@link ProMode#LEGACY_200} says. Here anomalous means score &gt; threshold. */
final class LegacyPro implements Tally.Visitor {
    private static final int STEPS = 200;

    private final double lowest;
    private final double step;
    private final double normalInAll;
    private final double regions;
    private final double limit;
    private int next = STEPS - 1;
    private double falsePositives;
    private double overlaps;
    private double firstRate = Double.NaN;
    private double rate;
    private double pro;
    private double area;

    LegacyPro(Tally tally, long regions, double limit) {
        float[] range = {Float.NaN, Float.NaN};
        tally.descend((score, normal, anomalous, overlap) -> {
            range[0] = score;
            range[1] = Float.isNaN(range[1]) ? score : range[1];
        });
        lowest = range[0];
        step = ((double) range[1] - lowest) / STEPS;
        normalInAll = tally.normal();
        this.regions = regions;
        this.limit = limit;
    }

    @Override
    public void level(float score, long normal, long anomalous, double overlap) {
        for (; next >= 0 && score <= lowest + next * step; next--) {
            point(falsePositives / normalInAll, overlaps / regions);
        }
        falsePositives += normal;
        overlaps += overlap;
    }

    private void point(double nextRate, double nextPro) {
        if (nextRate >= limit) {
            return;
        }
        if (Double.isNaN(firstRate)) {
            firstRate = nextRate;
        } else {
            area += (nextRate - rate) * (pro + nextPro) / 2;
        }
        rate = nextRate;
        pro = nextPro;
    }

    /** The area with the rates stretched to [0, 1]; NaN if all rates below the limit are the same. */
    double stretched() {
        return area / (rate - firstRate);
    }
}
