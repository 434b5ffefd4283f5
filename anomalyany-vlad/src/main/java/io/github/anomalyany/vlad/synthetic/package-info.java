// SPDX-License-Identifier: Apache-2.0
/** Simple generators of synthetic anomalies, to compare with. */
@NullMarked
package io.github.anomalyany.vlad.synthetic;

import org.jspecify.annotations.NullMarked;
