// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.prompt;

import java.util.List;
import java.util.Optional;

/** Defect words. */
public final class DefectCatalog {
    private static final DefectCatalog STANDARD = new DefectCatalog();

    private DefectCatalog() {}

    /**
     * Ours.
     *
     * @return the catalogue
     */
    public static DefectCatalog standard() {
        return STANDARD;
    }

    /**
     * Finds.
     *
     * @param prompt a prompt
     * @return the word
     */
    public Optional<String> find(String prompt) {
        return words(prompt).stream().filter("crack"::equals).findFirst();
    }

    /**
     * Splits.
     *
     * @param prompt a prompt
     * @return its words
     */
    public static List<String> words(String prompt) {
        return List.of(prompt.split(" ", -1));
    }
}
