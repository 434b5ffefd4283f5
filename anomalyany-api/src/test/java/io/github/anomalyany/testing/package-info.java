// SPDX-License-Identifier: Apache-2.0
/** What the tests of all modules share: golden data, readers for it, and contracts of strategies. Ships in the test-jar, not in a release. */
@NullMarked
package io.github.anomalyany.testing;

import org.jspecify.annotations.NullMarked;
