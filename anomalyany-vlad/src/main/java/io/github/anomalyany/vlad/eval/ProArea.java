// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** The area under the PRO curve up to a false positive rate, by trapezoids, the last one cut at the limit. */
final class ProArea implements Tally.Visitor {
    private final double normalInAll;
    private final double regions;
    private final double limit;
    private double falsePositives;
    private double overlaps;
    private double rate;
    private double pro;
    private double area;

    ProArea(long normalInAll, long regions, double limit) {
        this.normalInAll = normalInAll;
        this.regions = regions;
        this.limit = limit;
    }

    @Override
    public void level(float score, long normal, long anomalous, double overlap) {
        falsePositives += normal;
        overlaps += overlap;
        double nextRate = falsePositives / normalInAll;
        double nextPro = overlaps / regions;
        double end = Math.min(nextRate, limit);
        if (end > rate) {
            double atEnd = pro + (nextPro - pro) * ((end - rate) / (nextRate - rate));
            area += (end - rate) * (pro + atEnd) / 2;
            rate = end;
        }
        pro = nextPro;
    }

    /** The area divided by the limit. */
    double normalized() {
        return area / limit;
    }
}
