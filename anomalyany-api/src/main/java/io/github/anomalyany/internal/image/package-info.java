// SPDX-License-Identifier: Apache-2.0
/** Image files and image mathematics, for the modules of this project only. Arrays are rows from top to bottom. */
@NullMarked
package io.github.anomalyany.internal.image;

import org.jspecify.annotations.NullMarked;
