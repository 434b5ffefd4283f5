// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** Placeholder until the settings are written. */
public final class GenerationSettings {
    private GenerationSettings() {}

    /**
     * Defaults.
     *
     * @return settings
     */
    public static GenerationSettings defaults() {
        return new GenerationSettings();
    }
}
