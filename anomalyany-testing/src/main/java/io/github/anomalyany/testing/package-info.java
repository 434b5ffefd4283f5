// SPDX-License-Identifier: Apache-2.0
/**
 * For tests of code that uses this library: {@link io.github.anomalyany.testing.FakeGenerator} instead of a model, {@link
 * io.github.anomalyany.testing.AnomalyAssertions}, and the contracts that strategies and generators of one's own must pass. Nothing
 * here needs an engine.
 */
@NullMarked
package io.github.anomalyany.testing;

import org.jspecify.annotations.NullMarked;
