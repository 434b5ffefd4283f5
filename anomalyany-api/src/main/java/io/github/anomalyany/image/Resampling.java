// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.image;

import io.github.anomalyany.internal.image.PillowResampler;

/** How a picture is resized. Both shrink without aliasing and give the same bytes as Pillow 13. */
public enum Resampling {
    /** Cubic convolution with a = −½: smooth, a little soft; what CLIP's preparation uses. */
    BICUBIC,
    /** Windowed sinc over three lobes: the sharpest. */
    LANCZOS;

    PillowResampler resampler() {
        return switch (this) {
            case BICUBIC -> PillowResampler.BICUBIC;
            case LANCZOS -> PillowResampler.LANCZOS;
        };
    }
}
