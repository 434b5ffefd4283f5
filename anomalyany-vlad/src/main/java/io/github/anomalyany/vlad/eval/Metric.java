// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** The numbers of a report, in the order of its columns. All are 0 to 1, higher is better; tables show them times 100. */
public enum Metric {
    /** Area under the ROC curve of the pictures' scores. */
    IMAGE_AUROC("I-AUC"),
    /** Best F1 of the pictures' scores over all thresholds. */
    IMAGE_MAX_F1("I-F1"),
    /** Area under the ROC curve of all pixels. */
    PIXEL_AUROC("P-AUC"),
    /** Best F1 of all pixels over all thresholds. */
    PIXEL_MAX_F1("P-F1"),
    /** Area under the per-region overlap, as {@link ProMode#EXACT}. */
    PRO("PRO"),
    /** Average precision of the pictures' scores. */
    IMAGE_AP("I-AP"),
    /** Average precision of all pixels. */
    PIXEL_AP("P-AP"),
    /** Area under the per-region overlap, as {@link ProMode#LEGACY_200}. */
    PRO_LEGACY_200("PRO-200");

    private final String label;

    Metric(String label) {
        this.label = label;
    }

    /**
     * What columns are called.
     *
     * @return such as {@code "I-AUC"}
     */
    public String label() {
        return label;
    }
}
