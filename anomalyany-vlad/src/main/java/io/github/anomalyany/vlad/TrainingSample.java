// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture to learn from. Those from files are read when they are needed. Immutable, safe for many threads.
 */
public final class TrainingSample {
    /** Reads a part of a sample. */
    @FunctionalInterface
    private interface Source<T> {
        T read() throws IOException;
    }

    private final String category;
    private final boolean anomalous;
    private final String name;
    private final Source<RgbImage> image;
    private final Source<Optional<ScoreMap>> labels;

    private TrainingSample(
            String category,
            boolean anomalous,
            String name,
            Source<RgbImage> image,
            Source<Optional<ScoreMap>> labels) {
        this.category = Objects.requireNonNull(category, "category");
        this.anomalous = anomalous;
        this.name = name;
        this.image = image;
        this.labels = labels;
    }

    /**
     * A good picture.
     *
     * @param category what it shows
     * @param image the picture
     * @return the sample
     */
    public static TrainingSample normal(String category, RgbImage image) {
        Objects.requireNonNull(image, "image");
        return new TrainingSample(category, false, image.toString(), () -> image, Optional::empty);
    }

    /**
     * A good picture in a file.
     *
     * @param category what it shows
     * @param image a PNG or JPEG file
     * @return the sample
     */
    public static TrainingSample normal(String category, Path image) {
        Objects.requireNonNull(image, "image");
        return new TrainingSample(category, false, image.toString(), () -> RgbImage.read(image), Optional::empty);
    }

    /**
     * A picture with an anomaly.
     *
     * @param category what it shows
     * @param image the picture
     * @param labels how surely each pixel shows the anomaly, 0 to 1, of the picture's size
     * @return the sample
     * @throws IllegalArgumentException if the sizes differ or a label is out of range
     */
    public static TrainingSample anomaly(String category, RgbImage image, ScoreMap labels) {
        checkLabels(image, labels);
        return new TrainingSample(category, true, image.toString(), () -> image, () -> Optional.of(labels));
    }

    /**
     * A picture with an anomaly, in files.
     *
     * @param category what it shows
     * @param image a PNG or JPEG file
     * @param labels a grey picture of the same size: white for surely anomalous, black for good
     * @return the sample
     */
    public static TrainingSample anomaly(String category, Path image, Path labels) {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(labels, "labels");
        return new TrainingSample(category, true, image.toString(), () -> RgbImage.read(image), () -> {
            var grey = RgbImage.read(labels);
            float[] values = new float[grey.width() * grey.height()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (grey.rgb(i % grey.width(), i / grey.width()) >> 8 & 0xff) / 255f;
            }
            return Optional.of(ScoreMap.of(grey.width(), grey.height(), values));
        });
    }

    /**
     * A picture of a dataset with its real mask.
     *
     * @param category what it shows
     * @param sample a good picture, or one with a mask
     * @return the sample
     * @throws IllegalArgumentException if it is anomalous and has no mask
     */
    public static TrainingSample of(String category, Sample sample) {
        if (sample.anomalous() && sample.mask().isEmpty()) {
            throw new IllegalArgumentException("sample must have a mask but has none: " + sample.image());
        }
        return new TrainingSample(
                category,
                sample.anomalous(),
                sample.image().toString(),
                sample::readImage,
                () -> sample.anomalous() ? sample.readMask().map(TrainingSample::surely) : Optional.empty());
    }

    /**
     * A picture with an anomaly whose pixels are known.
     *
     * @param category what it shows
     * @param image the picture
     * @param mask its anomalous pixels, of its size
     * @return the sample
     * @throws IllegalArgumentException if the sizes differ
     */
    public static TrainingSample anomaly(String category, RgbImage image, Mask mask) {
        return anomaly(category, image, surely(mask));
    }

    private static ScoreMap surely(Mask mask) {
        float[] values = new float[mask.width() * mask.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = mask.contains(i % mask.width(), i / mask.width()) ? 1 : 0;
        }
        return ScoreMap.of(mask.width(), mask.height(), values);
    }

    private static void checkLabels(RgbImage image, ScoreMap labels) {
        if (labels.width() != image.width() || labels.height() != image.height()) {
            throw new IllegalArgumentException("labels must be %d×%d as the picture is, but were %d×%d"
                    .formatted(image.width(), image.height(), labels.width(), labels.height()));
        }
        for (float value : labels.toArray()) {
            if (value < 0 || value > 1) {
                throw new IllegalArgumentException("labels must be in [0, 1] but one was " + value);
            }
        }
    }

    /**
     * What the picture shows.
     *
     * @return name of a category
     */
    public String category() {
        return category;
    }

    /**
     * Whether the picture has an anomaly.
     *
     * @return true if so
     */
    public boolean isAnomalous() {
        return anomalous;
    }

    /**
     * Reads the picture.
     *
     * @return the picture
     * @throws IOException if it can't be read; the message names the file
     */
    public RgbImage image() throws IOException {
        return image.read();
    }

    /**
     * Reads the labels.
     *
     * @return 0 to 1 for each pixel; empty for good pictures
     * @throws IOException if they can't be read; the message names the file
     */
    public Optional<ScoreMap> labels() throws IOException {
        return labels.read();
    }

    /** Category and file. */
    @Override
    public String toString() {
        return "%s picture %s of \"%s\"".formatted(anomalous ? "anomalous" : "good", name, category);
    }
}
