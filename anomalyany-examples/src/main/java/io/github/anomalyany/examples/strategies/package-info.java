// SPDX-License-Identifier: Apache-2.0
/** Strategies as a user of the library writes them: one of each kind, each tested by the contract of its kind. */
@NullMarked
package io.github.anomalyany.examples.strategies;

import org.jspecify.annotations.NullMarked;
