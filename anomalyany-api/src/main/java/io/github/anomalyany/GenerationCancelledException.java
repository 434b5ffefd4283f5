// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

/** A run was cancelled by its token or by an interrupt (whose flag stays set). */
public final class GenerationCancelledException extends GenerationException {
    private static final long serialVersionUID = 1L;

    /** Complete denoising steps. */
    private final int stepsDone;

    /**
     * Creates the exception.
     *
     * @param message what was cancelled
     * @param stepsDone denoising steps that were complete
     */
    public GenerationCancelledException(String message, int stepsDone) {
        super(message);
        this.stepsDone = stepsDone;
    }

    /**
     * Denoising steps that were complete.
     *
     * @return a count, 0 or more
     */
    public int stepsDone() {
        return stepsDone;
    }
}
