// SPDX-License-Identifier: Apache-2.0
/** Training of adapters. */
@NullMarked
package io.github.anomalyany.vlad.internal.training;

import org.jspecify.annotations.NullMarked;
