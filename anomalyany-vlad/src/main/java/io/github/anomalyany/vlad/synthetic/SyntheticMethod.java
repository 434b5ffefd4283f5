// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.util.Map;

/** A way to draw an anomaly into a normal picture. Pure but for the random numbers that it takes. */
interface SyntheticMethod {
    /** Letters only; begins the names of the pictures. */
    String name();

    /** Draws once. */
    Drawing draw(RgbImage normal, Mask region, Draws random);

    /**
     * What was drawn.
     *
     * @param image the picture; outside the mask as the normal one
     * @param mask the pixels that were replaced, all in the region; may be empty
     * @param parameters the numbers drawn, for provenance
     */
    record Drawing(RgbImage image, Mask mask, Map<String, Object> parameters) {}
}
