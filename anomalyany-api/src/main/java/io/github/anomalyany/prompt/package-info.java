// SPDX-License-Identifier: Apache-2.0
/** What a prompt says about the anomaly. */
@NullMarked
package io.github.anomalyany.prompt;

import org.jspecify.annotations.NullMarked;
