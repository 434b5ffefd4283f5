// SPDX-License-Identifier: Apache-2.0
/** The denoising network: UNet2DConditionModel of Stable Diffusion 1.x and 2.x. */
@NullMarked
package io.github.anomalyany.sd.internal.unet;

import org.jspecify.annotations.NullMarked;
