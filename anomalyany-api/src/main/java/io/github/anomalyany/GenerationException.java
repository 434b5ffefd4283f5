// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A run failed after its request was accepted. What was made before isn't lost: see {@link #completed()}. */
public class GenerationException extends AnomalyAnyException {
    private static final long serialVersionUID = 1L;

    /** Pictures that were complete; not serialized. */
    private transient @Nullable GenerationResult completed;

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     */
    public GenerationException(String message) {
        super(message);
    }

    /**
     * Creates the exception.
     *
     * @param message what happened, with the value, the range and the remedy
     * @param cause what it followed from
     */
    public GenerationException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The pictures that were complete when the run failed.
     *
     * @return the result so far; without pictures where there were none
     */
    public GenerationResult completed() {
        return completed == null ? new GenerationResult(List.of(), List.of(), Duration.ZERO) : completed;
    }

    /**
     * Adds the pictures that were complete. For engines.
     *
     * @param completed the result so far
     */
    public void addCompleted(GenerationResult completed) {
        this.completed = Objects.requireNonNull(completed, "completed");
    }
}
