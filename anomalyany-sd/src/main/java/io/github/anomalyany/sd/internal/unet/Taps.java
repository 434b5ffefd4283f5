// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.unet;

import io.github.anomalyany.djl.Tape.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which cross-attentions of one pass are read, and what they said: probabilities [B, heads, cells, positions] by name. */
final class Taps {
    private final Set<String> wanted;
    private final String last;
    private final Map<String, Value> maps = new LinkedHashMap<>();

    private Taps(Set<String> wanted, String last) {
        this.wanted = wanted;
        this.last = last;
    }

    /** Reads some and runs the network to its end. */
    static Taps of(List<String> names) {
        return new Taps(Set.copyOf(names), "");
    }

    /** Reads some and ends the pass at the last of them. */
    static Taps endingAt(List<String> names) {
        return new Taps(Set.copyOf(names), names.get(names.size() - 1));
    }

    boolean wants(String name) {
        return wanted.contains(name);
    }

    boolean isLast(String name) {
        return last.equals(name);
    }

    /** Whether the pass is over. */
    boolean complete() {
        return !last.isEmpty() && maps.containsKey(last);
    }

    void put(String name, Value probabilities) {
        maps.put(name, probabilities);
    }

    Map<String, Value> maps() {
        return maps;
    }
}
