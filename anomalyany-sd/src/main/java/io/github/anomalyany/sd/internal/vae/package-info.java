// SPDX-License-Identifier: Apache-2.0
/** From pictures to latents and back: AutoencoderKL and AutoencoderTiny. */
@NullMarked
package io.github.anomalyany.sd.internal.vae;

import org.jspecify.annotations.NullMarked;
