// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/** A weighted sum. */
record WeightedFusion(double language, double vision, double map) implements Fusion {
    private static final double MOST = 1e6;

    WeightedFusion {
        Arguments.range("language", language, 0, MOST);
        Arguments.range("vision", vision, 0, MOST);
        Arguments.range("map", map, 0, MOST);
        if (language == 0 && vision == 0) {
            throw new IllegalArgumentException("one of the weights language and vision must be above 0");
        }
    }

    @Override
    public String description() {
        if (map != 0) {
            return "weighted(language=%s, vision=%s, map=%s)".formatted(language, vision, map);
        }
        return language == 1 && vision == 1 ? "sum" : "weighted(language=%s, vision=%s)".formatted(language, vision);
    }

    @Override
    public double score(Evidence evidence) {
        return language * evidence.language() + vision * evidence.vision() + map * evidence.map();
    }

    @Override
    public float pixel(float languageValue, float visionValue) {
        return (float) (language * languageValue + vision * visionValue);
    }
}
