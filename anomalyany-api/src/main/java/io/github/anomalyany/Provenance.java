// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.internal.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a picture was made: enough to make it again. Equal requests on one machine give equal provenance.
 */
public final class Provenance {
    /** Keyword of the PNG text chunk that carries {@link #toJson()}. */
    public static final String PNG_KEYWORD = "anomalyany";

    private final String id;
    private final Map<String, Object> entries;

    /**
     * Creates a provenance.
     *
     * @param id short name of the picture, fit for a file name
     * @param entries strings, numbers, booleans, and lists and maps of these, in reading order
     */
    public Provenance(String id, Map<String, Object> entries) {
        this.id = Objects.requireNonNull(id, "id");
        this.entries = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /**
     * Short name of the picture, fit for a file name.
     *
     * @return letters, digits and hyphens
     */
    public String id() {
        return id;
    }

    /**
     * Everything recorded: prompt, seed, steps, timestep and sigma of the start, settings, model hashes, versions, device.
     *
     * @return an unmodifiable map in reading order
     */
    public Map<String, Object> entries() {
        return entries;
    }

    /**
     * The entries as a JSON object.
     *
     * @return indented JSON, ASCII only
     */
    public String toJson() {
        return Json.write(entries);
    }

    /** The JSON. */
    @Override
    public String toString() {
        return toJson();
    }
}
