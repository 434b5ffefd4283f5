// SPDX-License-Identifier: Apache-2.0
/** What tests of several modules share: contracts of strategies, for users to extend too, and golden data with readers for it. */
@NullMarked
package io.github.anomalyany.testing;

import org.jspecify.annotations.NullMarked;
