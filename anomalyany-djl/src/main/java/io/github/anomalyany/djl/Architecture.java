// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The names and shapes of a network's tensors, found by building it without weights. */
public final class Architecture extends Parameters {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    /** Creates an empty architecture, to be handed to a network's constructor. */
    public Architecture() {}

    @Override
    protected BlockWeights block(List<String> names, List<long[]> wanted) {
        for (int i = 0; i < names.size(); i++) {
            shapes.put(names.get(i), wanted.get(i));
        }
        return new BlockWeights(null);
    }

    /**
     * What the network asked for.
     *
     * @return shapes by name, in the order of construction
     */
    public Map<String, long[]> shapes() {
        return Collections.unmodifiableMap(shapes);
    }
}
