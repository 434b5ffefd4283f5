// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** The names and shapes of a network's tensors, found by building it without weights. */
public final class Architecture extends Parameters {
    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    private Architecture() {}

    /**
     * Finds what a network asks for.
     *
     * @param constructor builds the network
     * @return shapes by name, in the order of construction
     */
    public static Map<String, long[]> of(Function<Parameters, ?> constructor) {
        var architecture = new Architecture();
        Objects.requireNonNull(constructor.apply(architecture), "network");
        return Collections.unmodifiableMap(architecture.shapes);
    }

    @Override
    protected BlockWeights block(List<String> names, List<long[]> wanted) {
        for (int i = 0; i < names.size(); i++) {
            shapes.put(names.get(i), wanted.get(i));
        }
        return new BlockWeights(null);
    }
}
