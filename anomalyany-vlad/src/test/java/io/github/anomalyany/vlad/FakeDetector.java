// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** A detector without a model: the red of a picture's first pixel is its score, green is the map. Notes its calls. */
public final class FakeDetector implements VladDetector {
    private final Map<String, ReferenceBank> banks = new HashMap<>();
    private final String settings;

    /** Every call of detect, as category, number of pictures and the bank's pictures. */
    public final List<String> calls = new ArrayList<>();

    /**
     * Makes a detector.
     *
     * @param settings what its provenance says
     */
    public FakeDetector(String settings) {
        this.settings = settings;
    }

    /**
     * A detection of some score and map.
     *
     * @param score the score
     * @param map the map
     * @param settings what its provenance says
     * @return the detection, uncalibrated
     */
    public static Detection detection(double score, ScoreMap map, String settings) {
        return new Detection(
                score,
                0,
                OptionalDouble.empty(),
                map,
                Decision.of(score, OptionalDouble.empty()),
                List.of(),
                Optional.empty(),
                new Detection.Scale(0, 1),
                new Provenance("fake", Map.of("settings", settings)));
    }

    /**
     * Green as a map.
     *
     * @param image a picture
     * @return 0 to 1
     */
    public static ScoreMap green(RgbImage image) {
        float[] values = new float[image.width() * image.height()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (image.rgb(i % image.width(), i / image.width()) >> 8 & 0xff) / 255f;
        }
        return ScoreMap.of(image.width(), image.height(), values);
    }

    /**
     * Red of the first pixel.
     *
     * @param image a picture
     * @return 0 to 255
     */
    public static int red(RgbImage image) {
        return image.rgb(0, 0) >> 16;
    }

    @Override
    public ReferenceBank index(String category, List<RgbImage> normals, Optional<Mask> region) {
        var sources = normals.stream().map(RgbImage::sha256).toList();
        return ReferenceBank.of(category, encoder(), 1, false, List.of(new float[] {1}), sources);
    }

    @Override
    public long bankBytes(int normals, int width, int height) {
        return 4;
    }

    @Override
    public void register(ReferenceBank bank) {
        banks.put(bank.category(), bank);
    }

    @Override
    public List<Detection> detect(
            List<RgbImage> images, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        calls.add("%s %d %s"
                .formatted(
                        category,
                        images.size(),
                        bank.map(ReferenceBank::sources).orElse(List.of())));
        return images.stream()
                .map(image -> detection(red(image), green(image), settings))
                .toList();
    }

    @Override
    public Optional<ReferenceBank> bank(String category) {
        return Optional.ofNullable(banks.get(category));
    }

    @Override
    public String encoder() {
        return "fake";
    }

    @Override
    public FeatureAdapter.Shape adapterShape() {
        return new FeatureAdapter.Shape(1, 1, 1);
    }

    @Override
    public int batchSize() {
        return 3;
    }

    @Override
    public void close() {}
}
