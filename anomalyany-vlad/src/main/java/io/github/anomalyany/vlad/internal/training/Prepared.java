// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import org.jspecify.annotations.Nullable;

/** A sample ready for training. Immutable. */
final class Prepared {
    private static final float MOST = 65535;

    private final Features features;
    private final boolean anomalous;
    private final float[] directions;
    private final short @Nullable [] labels;

    private Prepared(Features features, boolean anomalous, float[] directions, short @Nullable [] labels) {
        this.features = features;
        this.anomalous = anomalous;
        this.directions = directions;
        this.labels = labels;
    }

    static Prepared normal(Features features, float[] directions) {
        return new Prepared(features, false, directions, null);
    }

    /** Labels in 16 bits, since there can be many. */
    static Prepared anomaly(Features features, float[] directions, float[] labels) {
        short[] packed = new short[labels.length];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = (short) Math.round(labels[i] * MOST);
        }
        return new Prepared(features, true, directions, packed);
    }

    Features features() {
        return features;
    }

    boolean anomalous() {
        return anomalous;
    }

    /** Unit rows of good and damaged. */
    float[] directions() {
        return directions;
    }

    void copyLabels(float[] to, int at) {
        if (labels != null) {
            for (int i = 0; i < labels.length; i++) {
                to[at + i] = (labels[i] & 0xffff) / MOST;
            }
        }
    }
}
