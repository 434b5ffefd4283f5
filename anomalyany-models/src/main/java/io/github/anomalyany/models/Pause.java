// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.time.Duration;

/** Lets time pass between tries. */
@FunctionalInterface
interface Pause {
    /**
     * Waits.
     *
     * @param time how long
     * @throws InterruptedException if the thread is interrupted
     */
    void of(Duration time) throws InterruptedException;
}
