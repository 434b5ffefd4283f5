// SPDX-License-Identifier: Apache-2.0
/** JSON for provenance. */
@NullMarked
package io.github.anomalyany.internal.json;

import org.jspecify.annotations.NullMarked;
