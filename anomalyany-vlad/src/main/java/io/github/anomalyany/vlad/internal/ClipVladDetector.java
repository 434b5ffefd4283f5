// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import io.github.anomalyany.AnomalyAnyException;
import io.github.anomalyany.Device;
import io.github.anomalyany.DeviceMemoryException;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.BackboneSpec;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.Decision;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.Detection.Scale;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.VladSettings.Reduction;
import io.github.anomalyany.vlad.internal.Branches.Scores;
import io.github.anomalyany.vlad.internal.MapMaker.Fused;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The detector on CLIP. One call is read from top to bottom in {@link #detect}. */
public final class ClipVladDetector implements VladDetector {
    private static final Logger log = LoggerFactory.getLogger(ClipVladDetector.class);

    private final Backbone backbone;
    private final FeatureAdapter adapter;
    private final VladSettings settings;
    private final Map<String, Calibration> calibrations;
    private final Branches branches;
    private final TextFeatures texts;
    private final MapMaker maps;
    private final Map<String, ReferenceBank> banks = new ConcurrentHashMap<>();
    private final Gate gate = new Gate("detector");
    private final ReentrantLock turn = new ReentrantLock(true);

    private ClipVladDetector(
            Backbone backbone, VladSettings settings, FeatureAdapter adapter, Map<String, Calibration> calibrations) {
        this.backbone = backbone;
        this.adapter = adapter;
        this.settings = settings;
        this.calibrations = Map.copyOf(calibrations);
        branches = new Branches(backbone, adapter, settings);
        texts = new TextFeatures(backbone, settings.prompts());
        maps = new MapMaker(settings, backbone.grid(), backbone.side(), backbone.patchSize());
    }

    /**
     * Loads a detector.
     *
     * @param directory CLIP's folder
     * @param spec what its files don't tell
     * @param device where to run
     * @param settings how to look at pictures; empty for what suits the backbone
     * @param adapter adapters; empty for CLIP's own projection
     * @param calibrations thresholds by category
     * @return the detector, to be closed by the caller
     */
    public static ClipVladDetector load(
            Path directory,
            Optional<BackboneSpec> spec,
            Device device,
            Optional<VladSettings> settings,
            Optional<FeatureAdapter> adapter,
            Map<String, Calibration> calibrations) {
        long start = System.nanoTime();
        var backbone = Backbone.load(
                directory, spec, device, settings.map(VladSettings::inputSide).orElse(OptionalInt.empty()));
        try {
            var fittingSettings = settings.orElseGet(backbone::recommendedSettings);
            var shape = backbone.adapterShape();
            var fitting = adapter.orElseGet(() -> LinearAdapters.projecting(shape, backbone.projection()));
            AdapterCheck.requireFit(fitting, backbone);
            var detector = new ClipVladDetector(backbone, fittingSettings, fitting, calibrations);
            log.info(
                    "loaded a detector on {} in {} ms",
                    backbone.runtime().device(),
                    (System.nanoTime() - start) / 1_000_000);
            return detector;
        } catch (RuntimeException | Error e) {
            backbone.close();
            throw e;
        }
    }

    @Override
    public List<Detection> detect(
            List<RgbImage> images, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        gate.checkOpen();
        bank.ifPresent(this::requireFit);
        for (RgbImage image : images) {
            options.region().ifPresent(region -> checkRegion(region, image));
        }
        var cut = images.stream().map(image -> cut(image, options.region())).toList();
        List<Scores> scores = exclusively(() -> scores(cut, category, bank));
        var detections = new ArrayList<Detection>();
        int next = 0;
        for (Cut tiles : cut) {
            int end = next + tiles.regions.size();
            detections.add(detection(tiles, scores.subList(next, end), category, bank, options));
            next = end;
        }
        return detections;
    }

    /** A picture and the parts of it that the backbone sees. */
    private record Cut(RgbImage image, List<Region> regions) {}

    private Cut cut(RgbImage image, Optional<Mask> region) {
        var whole = List.of(new Region(0, 0, image.width(), image.height()));
        var tiles = settings.tiling()
                .map(tiling -> tiling.tiles(image.width(), image.height()))
                .orElse(whole);
        if (region.isPresent()) {
            tiles = tiles.stream()
                    .filter(tile -> !Mask.rectangle(image.width(), image.height(), tile)
                            .and(region.get())
                            .isEmpty())
                    .toList();
        }
        return new Cut(image, tiles);
    }

    private RgbImage square(RgbImage image, Region region) {
        boolean whole = region.width() == image.width() && region.height() == image.height();
        return (whole ? image : image.crop(region)).resize(backbone.side(), backbone.side(), Resampling.BICUBIC);
    }

    private List<Scores> scores(List<Cut> cut, String category, Optional<ReferenceBank> bank) {
        float[] directions = texts.of(category);
        var all = new ArrayList<Scores>();
        var waiting = new ArrayList<RgbImage>();
        for (Cut tiles : cut) {
            for (Region region : tiles.regions) {
                waiting.add(square(tiles.image, region));
                if (waiting.size() == settings.batchSize()) {
                    all.addAll(branches.scores(waiting, directions, bank));
                    waiting.clear();
                }
            }
        }
        if (!waiting.isEmpty()) {
            all.addAll(branches.scores(waiting, directions, bank));
        }
        return all;
    }

    private Detection detection(
            Cut cut, List<Scores> scores, String category, Optional<ReferenceBank> bank, DetectOptions options) {
        var image = cut.image;
        Fused fused = maps.fuse(image.width(), image.height(), cut.regions, scores, options.region());
        var calibration = options.calibration()
                .or(() -> bank.flatMap(ReferenceBank::calibration))
                .or(() -> Optional.ofNullable(calibrations.get(category)));
        var threshold = calibration
                .map(found -> OptionalDouble.of(found.imageThreshold()))
                .orElseGet(OptionalDouble::empty);
        var regions = calibration
                .map(found -> Regions.above(fused.map(), (float) found.pixelThreshold()))
                .orElse(List.of());
        var vision = bank.isPresent() ? OptionalDouble.of(fused.evidence().vision()) : OptionalDouble.empty();
        return new Detection(
                fused.score(),
                fused.evidence().language(),
                vision,
                fused.map(),
                Decision.of(fused.score(), threshold),
                regions,
                calibration,
                scale(calibration, bank.isPresent()),
                provenance(image, category, bank, calibration));
    }

    /** Fixed by the calibration; without one, by what the settings can give at most, but for extreme distances. */
    private Scale scale(Optional<Calibration> calibration, boolean withBank) {
        if (calibration.isPresent()) {
            double low = calibration.get().pixelTypical();
            return new Scale(low, 2 * calibration.get().pixelThreshold() - low);
        }
        float most = settings.reduction() == Reduction.SUM ? adapter.shape().stages() : 1;
        return new Scale(0, Math.max(1e-6, settings.fusion().pixel(most, withBank ? most / 2 : 0)));
    }

    private Provenance provenance(
            RgbImage image, String category, Optional<ReferenceBank> bank, Optional<Calibration> calibration) {
        String digest = image.sha256();
        var entries = new LinkedHashMap<String, Object>();
        entries.put("image", digest);
        entries.put("category", category);
        entries.put("encoder", encoder());
        entries.put("adapter", adapter.description());
        entries.put("settings", settings.description());
        entries.put("references", bank.map(ReferenceBank::sources).orElse(List.of()));
        entries.put("calibration", calibration.map(Calibration::method).orElse("none"));
        entries.put("device", backbone.runtime().device().toString());
        entries.put("engine", "PyTorch " + backbone.runtime().engineVersion());
        return new Provenance("detection-" + digest.substring(0, 16), entries);
    }

    @Override
    public ReferenceBank index(String category, List<RgbImage> normals, Optional<Mask> region) {
        gate.checkOpen();
        if (normals.isEmpty()) {
            throw new IllegalArgumentException("normals must have a picture but is empty: a bank needs at least one");
        }
        normals.forEach(image -> region.ifPresent(mask -> checkRegion(mask, image)));
        checkBankSize(normals);
        var tokens = exclusively(() -> new BankTokens(branches, backbone, settings).of(normals, region));
        var sources = normals.stream().map(RgbImage::sha256).toList();
        return ReferenceBank.of(
                category, encoder(), branches.bankWidth(), settings.halfPrecisionBank(), tokens, sources);
    }

    private void checkBankSize(List<RgbImage> normals) {
        long bytes = 0;
        for (var image : normals) {
            bytes += tokens(image.width(), image.height()) * bytesOfToken();
        }
        long most = Runtime.getRuntime().maxMemory();
        if (bytes * 4 / (settings.halfPrecisionBank() ? 2 : 4) > most * 3 / 4) {
            throw new IllegalArgumentException(
                    "indexing %d pictures takes about %,d bytes of Java heap where there are %,d: raise -Xmx, index fewer, or merge"
                                    .formatted(normals.size(), bytes * (settings.halfPrecisionBank() ? 2 : 1), most)
                            + " banks of a part each (ReferenceBank.merge)");
        }
    }

    private long bytesOfToken() {
        return (long) adapter.shape().stages() * branches.bankWidth() * (settings.halfPrecisionBank() ? 2 : 4);
    }

    private long tokens(int width, int height) {
        long tiles = settings.tiling()
                .map(tiling -> (long) tiling.tiles(width, height).size())
                .orElse(1L);
        return tiles * settings.rotations() * backbone.grid() * backbone.grid();
    }

    @Override
    public long bankBytes(int normals, int width, int height) {
        if (normals < 1) {
            throw new IllegalArgumentException("normals must be at least 1 but was " + normals);
        }
        return settings.bankSelection().upTo(normals * tokens(width, height)) * bytesOfToken();
    }

    @Override
    public void register(ReferenceBank bank) {
        requireFit(bank);
        banks.put(bank.category(), bank);
    }

    @Override
    public Optional<ReferenceBank> bank(String category) {
        return Optional.ofNullable(banks.get(category));
    }

    @Override
    public String encoder() {
        return "%s, side %d, %s, tiling %s"
                .formatted(
                        backbone.fingerprint(),
                        backbone.side(),
                        branches.banksAreAdapted() ? "adapted by " + adapter.description() : "raw tokens",
                        settings.tiling().map(Object::toString).orElse("none"));
    }

    @Override
    public FeatureAdapter.Shape adapterShape() {
        return backbone.adapterShape();
    }

    @Override
    public int batchSize() {
        return settings.batchSize();
    }

    private void requireFit(ReferenceBank bank) {
        boolean fits = bank.encoder().equals(encoder())
                && bank.stages() == adapter.shape().stages()
                && bank.width() == branches.bankWidth();
        if (!fits) {
            throw new IllegalArgumentException(
                    "the bank of \"%s\" was made with another backbone, input side or adapter: index it again. It has [%s], the detector [%s]"
                            .formatted(bank.category(), bank.encoder(), encoder()));
        }
    }

    /** Native arrays alive, for leak tests. */
    int liveArrays() {
        return backbone.runtime().liveArrays();
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

    private <T> T exclusively(Supplier<T> body) {
        return gate.pass(() -> {
            turn.lock();
            try {
                return body.get();
            } catch (AnomalyAnyException | IllegalArgumentException e) {
                throw e;
            } catch (RuntimeException e) {
                throw failure(e);
            } finally {
                turn.unlock();
            }
        });
    }

    private AnomalyAnyException failure(RuntimeException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("out of memory") || message.contains("can't allocate memory")) {
            return new DeviceMemoryException(
                    "%s ran out of memory: lower VladSettings.batchSize (%d) or the input side (%d)"
                            .formatted(backbone.runtime().device(), settings.batchSize(), backbone.side()),
                    e);
        }
        return new DetectionException(
                "detection failed on %s: %s".formatted(backbone.runtime().device(), e.getMessage()), e);
    }

    @Override
    public void close() {
        gate.close(() -> {
            try {
                branches.close();
            } finally {
                backbone.close();
            }
        });
    }
}
