// SPDX-License-Identifier: Apache-2.0
/** What tests of several modules of this project share: golden data with readers for it, and pictures drawn for tests. */
@NullMarked
package io.github.anomalyany.golden;

import org.jspecify.annotations.NullMarked;
