// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One generated picture with its annotation. All three pictures have the size of the normal image.
 *
 * @param image the picture; outside the feathered region every pixel equals the normal image
 * @param mask the pixels that show the anomaly
 * @param scores where the words attended, 0 to 1, zero outside the region
 * @param attention where each emphasized word attended, in the order of the request
 * @param change how visibly the picture changed
 * @param verdict whether the picture is fit for use
 * @param provenance how it was made
 */
public record GeneratedAnomaly(
        RgbImage image,
        Mask mask,
        ScoreMap scores,
        List<WordAttention> attention,
        VisibleChange change,
        Verdict verdict,
        Provenance provenance) {
    /**
     * Checks for nulls and copies the list.
     *
     * @param image the picture; outside the feathered region every pixel equals the normal image
     * @param mask the pixels that show the anomaly
     * @param scores where the words attended, 0 to 1, zero outside the region
     * @param attention where each emphasized word attended, in the order of the request
     * @param change how visibly the picture changed
     * @param verdict whether the picture is fit for use
     * @param provenance how it was made
     */
    public GeneratedAnomaly {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mask, "mask");
        Objects.requireNonNull(scores, "scores");
        attention = List.copyOf(attention);
        Objects.requireNonNull(change, "change");
        Objects.requireNonNull(verdict, "verdict");
        Objects.requireNonNull(provenance, "provenance");
    }

    /**
     * Writes the picture as PNG with its provenance in a text chunk named {@value Provenance#PNG_KEYWORD}. A file of
     * that name is replaced only once the new one is complete.
     *
     * @param file where to
     * @throws IOException if it can't be written
     */
    public void write(Path file) throws IOException {
        image.write(file, Map.of(Provenance.PNG_KEYWORD, provenance.toJson()));
    }
}
