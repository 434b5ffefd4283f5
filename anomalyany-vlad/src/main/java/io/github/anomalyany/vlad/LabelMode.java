// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/**
 * How labels of pixels are taken (spec §5.5). Implementations are immutable and safe for many threads.
 */
public interface LabelMode {
    /**
     * One line for provenance.
     *
     * @return as {@code "soft"}
     */
    String description();

    /**
     * The label that training uses.
     *
     * @param label 0 to 1
     * @param largest the largest label of the picture
     * @return 0 to 1
     */
    float of(float label, float largest);

    /**
     * As they are: the paper's "probability-aware" labels.
     *
     * @return the mode
     */
    static LabelMode soft() {
        return of("soft", (label, largest) -> label);
    }

    /**
     * So that the largest of a picture is 1. A failed generation becomes a confident label, too.
     *
     * @return the mode
     */
    static LabelMode softOfMaximum() {
        return of("soft-of-maximum", (label, largest) -> largest == 0 ? 0 : label / largest);
    }

    /**
     * 1 above a threshold, 0 elsewhere. AnomalyGPT uses 0.3, APRIL-GAN and AdaCLIP 0.5.
     *
     * @param threshold 0 to 1
     * @return the mode
     * @throws IllegalArgumentException if it is out of range
     */
    static LabelMode hard(double threshold) {
        Arguments.range("threshold", threshold, 0, 1);
        return of("hard(" + threshold + ")", (label, largest) -> label > threshold ? 1 : 0);
    }

    /** A function of two labels. */
    @FunctionalInterface
    interface Rule {
        /**
         * The label that training uses.
         *
         * @param label 0 to 1
         * @param largest the largest label of the picture
         * @return 0 to 1
         */
        float apply(float label, float largest);
    }

    /**
     * Any rule.
     *
     * @param description for provenance
     * @param rule from label and largest label to what training uses
     * @return the mode
     */
    static LabelMode of(String description, Rule rule) {
        return new LabelMode() {
            @Override
            public String description() {
                return description;
            }

            @Override
            public float of(float label, float largest) {
                return rule.apply(label, largest);
            }
        };
    }
}
