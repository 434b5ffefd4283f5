// SPDX-License-Identifier: Apache-2.0
/** The built-in model. */
@NullMarked
package io.github.anomalyany.tiny;

import org.jspecify.annotations.NullMarked;
