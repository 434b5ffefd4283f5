// SPDX-License-Identifier: Apache-2.0
/** Random numbers that are the same on every machine, on every thread and in every batch. */
@NullMarked
package io.github.anomalyany.noise;

import org.jspecify.annotations.NullMarked;
