// SPDX-License-Identifier: Apache-2.0
/** Readers of inspection datasets. */
@NullMarked
package io.github.anomalyany.vlad.data;

import org.jspecify.annotations.NullMarked;
