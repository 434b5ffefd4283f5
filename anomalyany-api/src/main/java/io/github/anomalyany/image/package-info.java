// SPDX-License-Identifier: Apache-2.0
/** Pictures, masks and maps as immutable values. */
@NullMarked
package io.github.anomalyany.image;

import org.jspecify.annotations.NullMarked;
