// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.LinearAdapters;

/** Whether adapters belong to a backbone. */
public final class AdapterCheck {
    /** Note under which trained adapters carry the backbone's fingerprint. */
    public static final String BACKBONE = "backbone";

    private AdapterCheck() {}

    /**
     * Refuses adapters of another backbone.
     *
     * @param adapter the adapters
     * @param backbone the backbone
     * @throws IllegalArgumentException if the shapes differ or they were trained for another backbone
     */
    public static void requireFit(FeatureAdapter adapter, Backbone backbone) {
        if (!adapter.shape().equals(backbone.adapterShape())) {
            throw new IllegalArgumentException(
                    "the adapter fits %s but the backbone has %s: train it again, or load the"
                                    .formatted(adapter.shape(), backbone.adapterShape())
                            + " backbone it was trained for");
        }
        if (adapter instanceof LinearAdapters linear && linear.notes().containsKey(BACKBONE)) {
            String trainedFor = linear.notes().get(BACKBONE);
            if (!backbone.fingerprint().equals(trainedFor)) {
                throw new IllegalArgumentException(
                        "the adapter was trained for another backbone: it has [%s], this one is [%s]"
                                .formatted(trainedFor, backbone.fingerprint()));
            }
        }
    }
}
