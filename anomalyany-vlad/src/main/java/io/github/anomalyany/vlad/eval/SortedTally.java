// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import java.util.Arrays;

/** Keeps every score, as 4 bytes if normal and 8 if anomalous, and sorts them. */
final class SortedTally implements Tally {
    private static final int MAX_LENGTH = Integer.MAX_VALUE - 8;

    private int[] normal = new int[16];
    private int normalCount;
    /** The key above, the area of the region below. */
    private long[] anomalous = new long[16];

    private int anomalousCount;

    @Override
    public void add(float[] scores, int[] areas) {
        int more = 0;
        for (int area : areas) {
            more += area == 0 ? 0 : 1;
        }
        reserve(scores.length - more, more);
        for (int i = 0; i < scores.length; i++) {
            int key = ScoreKeys.of(scores[i]);
            if (areas[i] == 0) {
                normal[normalCount++] = key;
            } else {
                anomalous[anomalousCount++] = (long) key << 32 | areas[i];
            }
        }
    }

    private void reserve(int moreNormal, int moreAnomalous) {
        int normalLength = capacity(normal.length, normalCount, moreNormal);
        int anomalousLength = capacity(anomalous.length, anomalousCount, moreAnomalous);
        normal = normalLength == normal.length ? normal : Arrays.copyOf(normal, normalLength);
        anomalous = anomalousLength == anomalous.length ? anomalous : Arrays.copyOf(anomalous, anomalousLength);
    }

    /** The length an array needs for more values; half as much again as it had, so that it seldom grows. */
    static int capacity(int length, int count, int more) {
        long needed = (long) count + more;
        if (needed <= length) {
            return length;
        }
        if (needed > MAX_LENGTH) {
            throw new IllegalStateException("exact metrics hold at most " + MAX_LENGTH
                    + " scores of a kind but would have " + needed + "; use PixelMetrics.streaming()");
        }
        return (int) Math.min(MAX_LENGTH, Math.max(needed, length * 3L / 2));
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
        Arrays.sort(normal, 0, normalCount); // takes one pass if it is sorted already
        Arrays.sort(anomalous, 0, anomalousCount);
        int n = normalCount - 1;
        int a = anomalousCount - 1;
        while (n >= 0 || a >= 0) {
            // no finite number has the least integer as its key
            int key = Math.max(n >= 0 ? normal[n] : Integer.MIN_VALUE, a >= 0 ? key(anomalous[a]) : Integer.MIN_VALUE);
            int nextNormal = n;
            int nextAnomalous = a;
            double overlap = 0;
            for (; nextNormal >= 0 && normal[nextNormal] == key; nextNormal--) {}
            for (; nextAnomalous >= 0 && key(anomalous[nextAnomalous]) == key; nextAnomalous--) {
                overlap += 1.0 / (int) anomalous[nextAnomalous];
            }
            visitor.level(ScoreKeys.score(key), n - nextNormal, a - nextAnomalous, overlap);
            n = nextNormal;
            a = nextAnomalous;
        }
    }

    private static int key(long pair) {
        return (int) (pair >> 32);
    }
}
