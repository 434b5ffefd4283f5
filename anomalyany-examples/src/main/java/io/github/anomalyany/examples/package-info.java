// SPDX-License-Identifier: Apache-2.0
/** Programs to run and to copy from. */
@NullMarked
package io.github.anomalyany.examples;

import org.jspecify.annotations.NullMarked;
