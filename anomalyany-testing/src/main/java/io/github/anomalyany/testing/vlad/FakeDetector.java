// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.Decision;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A detector without a model, for tests of code that uses one. It compares colours on a grid of 16×16: a cell's score is its distance
 * from the nearest cell of the bank's pictures or, without a bank, from the picture's own mean; 0 to 1. The picture's score is the
 * highest. So a spot of a colour that no good picture has is found where it is. It keeps the promises of {@link VladDetector}.
 *
 * <pre>{@code
 * var detector = new FakeDetector().scoring(photo -> photo.equals(broken) ? 0.9 : 0.1);
 * }</pre>
 *
 * <p>Any thread may call it.
 */
public final class FakeDetector implements VladDetector {
    private static final int GRID = 16;
    private static final int CHANNELS = 3;
    private static final int BATCH = 4;
    private static final String ENCODER = "fake colours, 16×16";

    private final Map<String, ReferenceBank> banks = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private volatile @Nullable ToDoubleFunction<RgbImage> scoring;
    private volatile @Nullable Supplier<? extends RuntimeException> failure;
    private volatile boolean closed;

    /**
     * One call of detect.
     *
     * @param images the pictures
     * @param category what they show
     * @param bank good pictures to compare with
     * @param options what the call had otherwise
     */
    public record Call(List<RgbImage> images, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        /**
         * Copies the list.
         *
         * @param images the pictures
         * @param category what they show
         * @param bank good pictures to compare with
         * @param options what the call had otherwise
         */
        public Call {
            images = List.copyOf(images);
        }
    }

    /** Makes a detector that compares colours. */
    public FakeDetector() {}

    /**
     * Gives pictures scores of one's choice; every pixel has its picture's.
     *
     * @param scoring a score for each picture
     * @return this detector
     */
    public FakeDetector scoring(ToDoubleFunction<RgbImage> scoring) {
        this.scoring = scoring;
        return this;
    }

    /**
     * Fails every detection from now on.
     *
     * @param failure makes what is thrown, as {@code () -> new DetectionException("out of luck")}
     * @return this detector
     */
    public FakeDetector failWith(Supplier<? extends RuntimeException> failure) {
        this.failure = failure;
        return this;
    }

    /**
     * What was asked for.
     *
     * @return the calls of detect in order, those that failed too
     */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /**
     * Whether {@link #close()} was called.
     *
     * @return true once it was
     */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public ReferenceBank index(String category, List<RgbImage> normals, Optional<Mask> region) {
        checkOpen();
        if (normals.isEmpty()) {
            throw new IllegalArgumentException("normals must have a picture but is empty: a bank needs at least one");
        }
        normals.forEach(image -> region.ifPresent(mask -> checkRegion(mask, image)));
        var tokens = new float[normals.size() * GRID * GRID * CHANNELS];
        for (int i = 0; i < normals.size(); i++) {
            float[] cells = cells(normals.get(i));
            System.arraycopy(cells, 0, tokens, i * cells.length, cells.length);
        }
        var sources = normals.stream().map(RgbImage::sha256).toList();
        return ReferenceBank.of(category, ENCODER, CHANNELS, false, List.of(tokens), sources);
    }

    @Override
    public long bankBytes(int normals, int width, int height) {
        if (normals < 1) {
            throw new IllegalArgumentException("normals must be at least 1 but was " + normals);
        }
        return (long) normals * GRID * GRID * CHANNELS * Float.BYTES;
    }

    @Override
    public void register(ReferenceBank bank) {
        checkFits(bank);
        banks.put(bank.category(), bank);
    }

    @Override
    public Optional<ReferenceBank> bank(String category) {
        return Optional.ofNullable(banks.get(category));
    }

    @Override
    public List<Detection> detect(
            List<RgbImage> images, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        checkOpen();
        calls.add(new Call(images, category, bank, options));
        if (failure != null) {
            throw failure.get();
        }
        bank.ifPresent(FakeDetector::checkFits);
        images.forEach(image -> options.region().ifPresent(mask -> checkRegion(mask, image)));
        return images.stream()
                .map(image -> detection(image, category, bank, options))
                .toList();
    }

    @Override
    public String encoder() {
        return ENCODER;
    }

    @Override
    public FeatureAdapter.Shape adapterShape() {
        return new FeatureAdapter.Shape(1, CHANNELS, CHANNELS);
    }

    @Override
    public int batchSize() {
        return BATCH;
    }

    @Override
    public void close() {
        closed = true;
    }

    private Detection detection(RgbImage image, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        var map = map(image, bank, options.region());
        double score = map.max();
        var calibration = options.calibration().or(() -> bank.flatMap(ReferenceBank::calibration));
        var threshold = calibration
                .map(found -> OptionalDouble.of(found.imageThreshold()))
                .orElse(OptionalDouble.empty());
        var pixelThreshold = calibration.map(Calibration::pixelThreshold);
        var found = new Detection(
                score,
                bank.isPresent() ? 0 : score,
                bank.isPresent() ? OptionalDouble.of(score) : OptionalDouble.empty(),
                map,
                Decision.of(score, threshold),
                List.of(),
                calibration,
                new Detection.Scale(0, pixelThreshold.map(t -> 2 * t).orElse(1.0)),
                provenance(image, category, bank));
        return pixelThreshold.map(t -> withRegions(found, t)).orElse(found);
    }

    private static Detection withRegions(Detection found, double pixelThreshold) {
        return new Detection(
                found.score(),
                found.language(),
                found.vision(),
                found.map(),
                found.decision(),
                found.regions(pixelThreshold),
                found.calibration(),
                found.scale(),
                found.provenance());
    }

    private ScoreMap map(RgbImage image, Optional<ReferenceBank> bank, Optional<Mask> region) {
        float[] scores = scores(image, bank);
        var values = new float[image.width() * image.height()];
        for (int i = 0; i < values.length; i++) {
            int x = i % image.width();
            int y = i / image.width();
            if (region.isEmpty() || region.get().contains(x, y)) {
                int row = (int) ((long) y * GRID / image.height());
                int column = (int) ((long) x * GRID / image.width());
                values[i] = scores[row * GRID + column];
            }
        }
        return ScoreMap.of(image.width(), image.height(), values);
    }

    /** A score for each cell of the grid. */
    private float[] scores(RgbImage image, Optional<ReferenceBank> bank) {
        if (scoring == null) {
            return cellScores(image, bank);
        }
        var scores = new float[GRID * GRID];
        Arrays.fill(scores, (float) scoring.applyAsDouble(image));
        return scores;
    }

    private static float[] cellScores(RgbImage image, Optional<ReferenceBank> bank) {
        float[] cells = cells(image);
        float[] known = bank.map(FakeDetector::tokens).orElseGet(() -> mean(cells));
        var scores = new float[GRID * GRID];
        for (int i = 0; i < scores.length; i++) {
            double nearest = Double.POSITIVE_INFINITY;
            for (int j = 0; j < known.length; j += CHANNELS) {
                double squares = 0;
                for (int c = 0; c < CHANNELS; c++) {
                    double difference = cells[i * CHANNELS + c] - known[j + c];
                    squares += difference * difference;
                }
                nearest = Math.min(nearest, squares);
            }
            scores[i] = (float) Math.sqrt(nearest / CHANNELS);
        }
        return scores;
    }

    /** Mean colours, 0 to 1, [cell][channel]. */
    private static float[] cells(RgbImage image) {
        byte[] rgb = image.resize(GRID, GRID, Resampling.BICUBIC).toBytes();
        var cells = new float[rgb.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (rgb[i] & 0xff) / 255f;
        }
        return cells;
    }

    private static float[] mean(float[] cells) {
        var mean = new float[CHANNELS];
        for (int i = 0; i < cells.length; i++) {
            mean[i % CHANNELS] += cells[i] / (GRID * GRID);
        }
        return mean;
    }

    private static float[] tokens(ReferenceBank bank) {
        ByteBuffer data = bank.data(0);
        var tokens = new float[bank.tokens(0) * bank.width()];
        data.asFloatBuffer().get(tokens);
        return tokens;
    }

    private static Provenance provenance(RgbImage image, String category, Optional<ReferenceBank> bank) {
        var entries = new LinkedHashMap<String, Object>();
        entries.put("detector", "fake");
        entries.put("image", image.sha256());
        entries.put("category", category);
        entries.put("references", bank.map(ReferenceBank::sources).orElse(List.of()));
        return new Provenance("fake-" + image.sha256().substring(0, 16), entries);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("detector is closed");
        }
    }

    private static void checkFits(ReferenceBank bank) {
        if (!bank.encoder().equals(ENCODER)) {
            throw new IllegalArgumentException(
                    "the bank of \"%s\" was made with another backbone: index it again. It has [%s], the detector [%s]"
                            .formatted(bank.category(), bank.encoder(), ENCODER));
        }
    }

    private static void checkRegion(Mask region, RgbImage image) {
        if (region.width() != image.width() || region.height() != image.height()) {
            throw new IllegalArgumentException("region must be %d×%d as the picture is, but was %d×%d"
                    .formatted(image.width(), image.height(), region.width(), region.height()));
        }
        if (region.isEmpty()) {
            throw new IllegalArgumentException("region must have a pixel set but is empty");
        }
    }
}
