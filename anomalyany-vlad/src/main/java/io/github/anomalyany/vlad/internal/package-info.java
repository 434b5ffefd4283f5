// SPDX-License-Identifier: Apache-2.0
/** The detector's networks and files. */
@NullMarked
package io.github.anomalyany.vlad.internal;

import org.jspecify.annotations.NullMarked;
