// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.AnomalyAnyException;

/** An evaluation was cancelled by its token or by an interrupt (whose flag stays set). What is finished stays finished. */
public final class EvaluationCancelledException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message what was cancelled and how to go on
     */
    public EvaluationCancelledException(String message) {
        super(message);
    }
}
