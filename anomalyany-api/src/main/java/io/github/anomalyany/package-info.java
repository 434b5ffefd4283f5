// SPDX-License-Identifier: Apache-2.0
/** Anomaly generation: requests, settings, results, and how runs are followed and stopped. */
@NullMarked
package io.github.anomalyany;

import org.jspecify.annotations.NullMarked;
