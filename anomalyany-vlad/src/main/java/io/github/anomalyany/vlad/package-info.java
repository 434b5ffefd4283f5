// SPDX-License-Identifier: Apache-2.0
/** The anomaly detector VLAD: a reference bank of good photos and CLIP's sense of damage give a score, a map and a decision. */
@NullMarked
package io.github.anomalyany.vlad;

import org.jspecify.annotations.NullMarked;
