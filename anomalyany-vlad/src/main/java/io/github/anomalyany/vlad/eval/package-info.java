// SPDX-License-Identifier: Apache-2.0
/** Metrics of anomaly detection and the evaluation of detectors. */
@NullMarked
package io.github.anomalyany.vlad.eval;

import org.jspecify.annotations.NullMarked;
