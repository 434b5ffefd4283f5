// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

/** How the area under the per-region overlap is taken. */
public enum ProMode {
    /**
     * As defined with MVTec AD: every distinct score is a threshold, the curve starts at (0, 0) and is cut at the limit by
     * linear interpolation, and the area is divided by the limit.
     */
    EXACT,
    /**
     * As the released code of AnomalyCLIP and others: 200 thresholds in equal steps from the lowest score to the highest,
     * points with a rate below the limit only, and their rates stretched to [0, 1]. Depends on how the scores are
     * distributed and is biased; for comparison with numbers that were made so.
     */
    LEGACY_200
}
