// SPDX-License-Identifier: Apache-2.0
/** Stable Diffusion as a generator of anomalies: options that only this engine has. */
@NullMarked
package io.github.anomalyany.sd;

import org.jspecify.annotations.NullMarked;
