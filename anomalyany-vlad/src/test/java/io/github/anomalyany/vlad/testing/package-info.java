// SPDX-License-Identifier: Apache-2.0
/** What every implementation of the detector's and the training's interfaces must do. */
@NullMarked
package io.github.anomalyany.vlad.testing;

import org.jspecify.annotations.NullMarked;
