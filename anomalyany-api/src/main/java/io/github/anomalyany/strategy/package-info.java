// SPDX-License-Identifier: Apache-2.0
/** The exchangeable parts of the method, each a pure function over small arrays. */
@NullMarked
package io.github.anomalyany.strategy;

import org.jspecify.annotations.NullMarked;
