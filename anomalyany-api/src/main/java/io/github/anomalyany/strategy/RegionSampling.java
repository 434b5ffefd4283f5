// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

/** Which cells of the latents belong to a region of the picture. */
public enum RegionSampling {
    /** Every cell that the region touches. */
    TOUCHED,
    /** Every cell whose centre lies in the region, as the released code has it. */
    NEAREST
}
