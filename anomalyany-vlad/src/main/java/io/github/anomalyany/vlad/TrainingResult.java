// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What training came to.
 *
 * @param adapters the adapters after the last whole epoch
 * @param losses mean loss of each epoch, those of an interrupted run before it included
 * @param cancelled whether it was stopped before the last epoch
 * @param elapsed time of this call
 */
public record TrainingResult(LinearAdapters adapters, List<Double> losses, boolean cancelled, Duration elapsed) {
    /**
     * Copies the list.
     *
     * @param adapters the adapters after the last whole epoch
     * @param losses mean loss of each epoch
     * @param cancelled whether it was stopped before the last epoch
     * @param elapsed time of this call
     */
    public TrainingResult {
        Objects.requireNonNull(adapters, "adapters");
        losses = List.copyOf(losses);
        Objects.requireNonNull(elapsed, "elapsed");
    }
}
