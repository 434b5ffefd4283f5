// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An image of a dataset and what is known about it. The files are read by {@link #readImage()} and {@link #readMask()} only.
 *
 * @param image PNG or JPEG file
 * @param mask PNG file that shows where the defect is; none for normal images, and none for anomalous ones of which nobody
 *     drew it
 * @param defect kind of defect, {@value #GOOD} for normal images
 */
public record Sample(Path image, Optional<Path> mask, String defect) {
    /** The defect of normal images. */
    public static final String GOOD = "good";

    /**
     * Checks the values.
     *
     * @param image PNG or JPEG file
     * @param mask PNG file, none for normal images
     * @param defect not blank
     * @throws IllegalArgumentException if the defect is blank, or a normal image has a mask
     */
    public Sample {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mask, "mask");
        if (defect.isBlank()) {
            throw new IllegalArgumentException("defect must not be blank; normal images have \"" + GOOD + "\"");
        }
        if (defect.equals(GOOD) && mask.isPresent()) {
            throw new IllegalArgumentException(
                    "the normal image %s must not have a mask but has %s".formatted(image, mask.get()));
        }
    }

    /**
     * Whether the image shows a defect.
     *
     * @return false for {@value #GOOD}
     */
    public boolean anomalous() {
        return !defect.equals(GOOD);
    }

    /**
     * Reads the image.
     *
     * @return the image, grey replicated to three channels, alpha dropped, EXIF's orientation ignored
     * @throws IOException if it can't be read, as {@link RgbImage#read(Path)}; the message names the file
     */
    public RgbImage readImage() throws IOException {
        return RgbImage.read(image);
    }

    /**
     * Reads which pixels are anomalous. Reads the image too, for its size.
     *
     * @return as {@link #readMask(RgbImage)}
     * @throws IOException if a file can't be read or the sizes differ; the message names the files
     */
    public Optional<Mask> readMask() throws IOException {
        return readMask(readImage());
    }

    /**
     * Reads which pixels are anomalous: those where a channel of the mask is above 0, whatever the value, in 8 and in 16
     * bits. So masks of 0 and 255, of 0 and 1, and of classes 1 to 9 (VisA) mean the same; alpha doesn't count.
     *
     * @param read what {@link #readImage()} returned
     * @return of the image's size; without any pixel for a normal image, and nothing for an anomalous image without mask
     * @throws IOException if the mask can't be read, isn't a PNG (JPEG doesn't keep values) or isn't as large as the image;
     *     the message names the files
     */
    public Optional<Mask> readMask(RgbImage read) throws IOException {
        if (!anomalous()) {
            return Optional.of(Mask.empty(read.width(), read.height()));
        }
        if (mask.isEmpty()) {
            return Optional.empty();
        }
        var found = MaskReader.read(mask.get());
        if (found.width() != read.width() || found.height() != read.height()) {
            throw new IOException("the mask %s has %d×%d pixels but its image %s has %d×%d"
                    .formatted(mask.get(), found.width(), found.height(), image, read.width(), read.height()));
        }
        return Optional.of(found);
    }
}
