// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.image.RgbImage;
import java.util.List;

/**
 * Generators of the synthetic anomalies that earlier detectors were trained on, to compare with. They need no model and run
 * on the processor alone.
 *
 * <pre>{@code
 * try (var generator = SyntheticAnomalies.cutPaste()) {
 *     var made = generator.generate(image, "damage");
 *     made.write(Path.of("synthetic.png"));
 * }
 * }</pre>
 *
 * <p>Of a request they take the normal picture, the region, the seed, the count and the retries. They draw no words: the
 * prompt and all else that steers a model, the settings included, is ignored, though a request can't be built without a
 * prompt that names a defect, as {@code "damage"}.
 *
 * <p>The mask holds the pixels that were replaced, all of them inside the region, and no other pixel is changed; the scores are
 * 1 in it and 0 elsewhere; no word has an attention map. The visible change is plain, not CIE76: the distance of the RGB
 * values, unsmoothed, as a percentage of that of black and white. What is drawn is drawn anew, up to 100 times, while it leaves
 * the picture as it is; after that the picture is rejected. All others are accepted. The numbers drawn are in the provenance
 * under {@code parameters}.
 *
 * <p>Equal requests give equal pictures and masks on every Java runtime, and a picture doesn't depend on how many are made
 * beside it. A run is cancelled between two drawings; there are no steps to listen to. Any thread may call a generator,
 * several at once too.
 */
public final class SyntheticAnomalies {
    private SyntheticAnomalies() {}

    /**
     * CutPaste and CutPaste-Scar (Li et al., CVPR 2021), either with probability ½.
     *
     * <p>CutPaste cuts a rectangle of 2 to 15 % of the picture with an aspect ratio in (0.3, 1) or (1, 3.3); CutPaste-Scar one
     * 2 to 16 pixels wide and 10 to 25 long, turned by −45° to 45°; the pixels count in a picture whose shorter side is 256. Its
     * brightness, contrast and saturation are multiplied by 0.9 to 1.1 and its hue is turned by −0.1 to 0.1 of the circle, in
     * random order. It is cut anywhere and pasted anywhere; where a region is given, with its centre in the region, and what would
     * lie outside the region is left out.
     *
     * @return a generator
     */
    public static AnomalyGenerator cutPaste() {
        return new SyntheticGenerator(new CutPaste());
    }

    /**
     * DRAEM's anomalies (Zavrtanik et al., ICCV 2021) with textures that are drawn: bands, squares, dots, marble, cracks and
     * clouds in random colours. The published ones are photos of the Describable Textures Dataset; to come closer to them,
     * give photos to {@link #draem(List)}.
     *
     * @return a generator
     * @see #draem(List)
     */
    public static AnomalyGenerator draem() {
        return new SyntheticGenerator(new Draem(List.of()));
    }

    /**
     * DRAEM's anomalies (Zavrtanik et al., ICCV 2021) with textures of one's own. Where the paper and its authors'
     * code differ it is as in the code.
     *
     * <p>The mask M is where Perlin noise is above 0.5, less what lies outside the region; the noise has 2⁰ to 2⁵ cells along
     * either side of the picture and is turned by −90° to 90°. The texture A is a random one of those given, resized to the
     * picture, after three different random changes out of ten: gamma, brightness, sharpness, hue and saturation, solarize,
     * posterize, invert, autocontrast, equalize, rotation. The picture is (1 − M)·I + M·((1 − β)·A + β·I), β uniform in
     * [0, 0.8).
     *
     * @param textures pictures of any size, at least one
     * @return a generator
     * @throws IllegalArgumentException if there is no texture
     */
    public static AnomalyGenerator draem(List<RgbImage> textures) {
        if (textures.isEmpty()) {
            throw new IllegalArgumentException(
                    "textures must have at least one picture but is empty; use draem() for textures that are drawn");
        }
        return new SyntheticGenerator(new Draem(List.copyOf(textures)));
    }
}
