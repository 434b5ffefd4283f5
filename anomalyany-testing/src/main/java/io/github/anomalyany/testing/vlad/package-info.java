// SPDX-License-Identifier: Apache-2.0
/** The same for code that detects: a fake detector, assertions, contracts. Needs anomalyany-vlad on the class path, but no engine. */
@NullMarked
package io.github.anomalyany.testing.vlad;

import org.jspecify.annotations.NullMarked;
