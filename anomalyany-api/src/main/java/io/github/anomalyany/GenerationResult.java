// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a request came to.
 *
 * @param accepted the pictures fit for use, in the order of the request
 * @param rejected the others; their verdicts say why
 * @param elapsed time from the call to the last picture
 */
public record GenerationResult(List<GeneratedAnomaly> accepted, List<GeneratedAnomaly> rejected, Duration elapsed) {
    /**
     * Copies the lists.
     *
     * @param accepted the pictures fit for use, in the order of the request
     * @param rejected the others; their verdicts say why
     * @param elapsed time from the call to the last picture
     */
    public GenerationResult {
        accepted = List.copyOf(accepted);
        rejected = List.copyOf(rejected);
        Objects.requireNonNull(elapsed, "elapsed");
    }
}
