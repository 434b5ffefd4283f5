// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/**
 * Counts scores in 2²² bins, whose width is 2⁻¹³ of the power of two below the score. Takes 96 MiB, however many scores there
 * are. A bin's score is its lower end.
 */
final class BinnedTally implements Tally {
    private static final int BITS = 22;
    private static final int SHIFT = Integer.SIZE - BITS;
    private static final int ZERO = 1 << (BITS - 1);

    private final long[] normal = new long[1 << BITS];
    private final long[] anomalous = new long[1 << BITS];
    private final double[] overlap = new double[1 << BITS];
    private long normalCount;
    private long anomalousCount;

    @Override
    public void add(float[] scores, int[] areas) {
        int anomalousHere = 0;
        for (int i = 0; i < scores.length; i++) {
            int bin = (ScoreKeys.of(scores[i]) >> SHIFT) + ZERO;
            if (areas[i] == 0) {
                normal[bin]++;
            } else {
                anomalous[bin]++;
                overlap[bin] += 1.0 / areas[i];
                anomalousHere++;
            }
        }
        anomalousCount += anomalousHere;
        normalCount += scores.length - anomalousHere;
    }

    @Override
    public long normal() {
        return normalCount;
    }

    @Override
    public long anomalous() {
        return anomalousCount;
    }

    @Override
    public void descend(Visitor visitor) {
        for (int bin = normal.length - 1; bin >= 0; bin--) {
            if (normal[bin] + anomalous[bin] > 0) {
                visitor.level(ScoreKeys.score((bin - ZERO) << SHIFT), normal[bin], anomalous[bin], overlap[bin]);
            }
        }
    }
}
