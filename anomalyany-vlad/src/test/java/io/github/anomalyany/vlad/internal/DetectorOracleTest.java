// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.Device;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.TinyClip;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.BackboneSpec;
import io.github.anomalyany.vlad.BackboneSpec.PatchTokens;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.Fusion;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.MapGeometry;
import io.github.anomalyany.vlad.PromptEnsemble;
import io.github.anomalyany.vlad.TinyDetectors;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.VladSettings.BankTokens;
import io.github.anomalyany.vlad.VladSettings.Reduction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole computation again, in double precision and plain loops, from the backbone's tokens and sentences to the map and
 * the score.
 */
class DetectorOracleTest {
    private static final int WIDTH = 45;
    private static final int HEIGHT = 33;
    private static final String CATEGORY = "metal_nut";

    @TempDir
    private static Path model;

    private static final List<RgbImage> NORMALS = TinyDetectors.pictures(3, 50, 40, 100);

    @BeforeAll
    static void writeModel() throws IOException {
        TinyClip.seeded(1).writeHuggingFace(model, Dtype.F32);
    }

    /** One way to detect. */
    record Way(String name, BackboneSpec spec, VladSettings settings) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Way> ways() {
        var ways = new ArrayList<Way>();
        var base = TinyDetectors.settings();
        for (var tokens : List.of(BankTokens.ADAPTED, BankTokens.RAW)) {
            for (var reduction : Reduction.values()) {
                var settings =
                        base.toBuilder().bankTokens(tokens).reduction(reduction).build();
                ways.add(new Way(tokens + " " + reduction, TinyDetectors.SPEC, settings));
            }
        }
        ways.add(new Way("two stages", TinyDetectors.SPEC.withStages(List.of(1, 3)), base));
        ways.add(new Way("projected", TinyDetectors.SPEC.withPatchTokens(PatchTokens.PROJECTED), base));
        ways.add(new Way(
                "half pixel, weights",
                TinyDetectors.SPEC,
                base.toBuilder()
                        .geometry(MapGeometry.halfPixel())
                        .fusion(Fusion.weighted(0.5, 2, 3))
                        .build()));
        ways.add(new Way(
                "patch exact",
                TinyDetectors.SPEC,
                base.toBuilder()
                        .geometry(MapGeometry.patchExact())
                        .prompts(new PromptEnsemble(
                                "few", List.of("{}"), List.of("bad {}", "{} in parts"), List.of("one {}")))
                        .build()));
        return ways;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void givesWhatPlainLoopsGive(Way way) {
        var picture = TinyDetectors.picture(WIDTH, HEIGHT, 7);
        try (var backbone = Backbone.load(model, Optional.of(way.spec), Device.cpu(), OptionalInt.of(60))) {
            var adapter = adapter(backbone.adapterShape());
            var oracle = new Oracle(backbone, adapter, way.settings);
            try (var detector = VladDetector.builder()
                    .modelDirectory(model)
                    .backbone(way.spec)
                    .device(Device.cpu())
                    .settings(way.settings)
                    .adapter(adapter)
                    .build()) {
                assertSame(detector.detect(picture, CATEGORY), oracle.expected(picture, List.of()));
                assertSame(
                        detector.detect(picture, detector.index(CATEGORY, NORMALS)), oracle.expected(picture, NORMALS));
            }
        }
    }

    private static LinearAdapters adapter(FeatureAdapter.Shape shape) {
        if (shape.equals(TinyDetectors.SHAPE)) {
            return TinyDetectors.adapters(3, Map.of());
        }
        return LinearAdapters.of(shape, LinearAdapters.random(shape, 3).parameters(), true, Map.of());
    }

    private static void assertSame(Detection found, Expected expected) {
        assertThat(found.language()).isCloseTo(expected.language, within(1e-5));
        assertThat(found.vision().orElse(0)).isCloseTo(expected.vision, within(1e-5));
        assertThat(found.score()).isCloseTo(expected.score, within(1e-5));
        float[] map = found.map().toArray();
        assertThat(map).hasSize(expected.map.length);
        double low = Double.POSITIVE_INFINITY;
        for (int i = 0; i < map.length; i++) {
            assertThat((double) map[i]).as("pixel %d", i).isCloseTo(expected.map[i], within(1e-5));
            low = Math.min(low, expected.map[i]);
        }
        // a flat map would hide mistakes
        assertThat(found.map().max() - low).isGreaterThan(0.02);
    }

    /** What should come out. */
    @SuppressWarnings("ArrayRecordComponent") // looked at, never compared
    private record Expected(double language, double vision, double score, double[] map) {}

    /** Plain loops. */
    private static final class Oracle {
        private final Backbone backbone;
        private final List<float[]> parameters;
        private final VladSettings settings;
        private final int stages;
        private final int shared;
        private final int grid;
        private final int side;

        private Oracle(Backbone backbone, LinearAdapters adapter, VladSettings settings) {
            this.backbone = backbone;
            this.parameters = adapter.parameters();
            this.settings = settings;
            stages = adapter.shape().stages();
            shared = adapter.shape().sharedWidth();
            grid = 4;
            side = 60;
        }

        /** Tokens of each stage, then the embedding in the last place. */
        private List<double[][]> look(RgbImage picture) {
            var square = picture.resize(side, side, Resampling.BICUBIC);
            return backbone.look(List.of(square), look -> {
                var all = new ArrayList<double[][]>();
                for (int stage = 0; stage < stages; stage++) {
                    all.add(rows(look.tokens(stage).toFloatArray(), grid * grid));
                }
                all.add(rows(look.embeddings(), 1));
                return all;
            });
        }

        private Expected expected(RgbImage picture, List<RgbImage> normals) {
            var looked = look(picture);
            var references = normals.stream().map(this::look).toList();
            double[] normal = direction(settings.prompts().normal("metal nut"));
            double[] abnormal = direction(settings.prompts().abnormal("metal nut"));
            double[] languageGrid = new double[grid * grid];
            double[] visionGrid = new double[grid * grid];
            double weight = settings.reduction() == Reduction.SUM ? 1 : 1.0 / stages;
            for (int stage = 0; stage < stages; stage++) {
                double[][] adapted = adapted(looked.get(stage), stage);
                for (int cell = 0; cell < grid * grid; cell++) {
                    languageGrid[cell] += weight * share(adapted[cell], normal, abnormal);
                    visionGrid[cell] += weight * distance(looked.get(stage)[cell], adapted[cell], references, stage);
                }
            }
            double language = share(adapted(looked.get(stages), stages)[0], normal, abnormal);
            double[] languageMap = upsampled(languageGrid);
            double[] visionMap = upsampled(visionGrid);
            double[] fused = new double[side * side];
            double vision = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < fused.length; i++) {
                fused[i] = settings.fusion().pixel((float) languageMap[i], (float) visionMap[i]);
                vision = Math.max(vision, visionMap[i]);
                highest = Math.max(highest, fused[i]);
            }
            double score = settings.fusion().score(new Fusion.Evidence(language, vision, highest));
            return new Expected(language, vision, score, resized(fused, picture.width(), picture.height()));
        }

        private double distance(double[] token, double[] adapted, List<List<double[][]>> references, int stage) {
            boolean raw = settings.bankTokens() == BankTokens.RAW;
            double best = Double.NEGATIVE_INFINITY;
            for (var reference : references) {
                double[][] others = raw ? reference.get(stage) : adapted(reference.get(stage), stage);
                for (double[] other : others) {
                    best = Math.max(best, cosine(raw ? token : adapted, other));
                }
            }
            return references.isEmpty() ? 0 : 1 - best;
        }

        private double share(double[] token, double[] normal, double[] abnormal) {
            double good = Math.exp(10 * cosine(token, normal));
            double bad = Math.exp(10 * cosine(token, abnormal));
            return bad / (good + bad);
        }

        private double[] direction(List<String> sentences) {
            double[] sum = new double[shared];
            for (float[] row : backbone.embed(sentences)) {
                double length = 0;
                for (float value : row) {
                    length += (double) value * value;
                }
                for (int i = 0; i < shared; i++) {
                    sum[i] += row[i] / Math.sqrt(length);
                }
            }
            return sum;
        }

        private double[][] adapted(double[][] tokens, int stage) {
            float[] weight = parameters.get(2 * stage);
            float[] bias = parameters.get(2 * stage + 1);
            double[][] adapted = new double[tokens.length][shared];
            for (int row = 0; row < tokens.length; row++) {
                for (int out = 0; out < shared; out++) {
                    adapted[row][out] = bias[out];
                    for (int in = 0; in < tokens[row].length; in++) {
                        adapted[row][out] += weight[out * tokens[row].length + in] * tokens[row][in];
                    }
                }
            }
            return adapted;
        }

        private double[] upsampled(double[] cells) {
            double[][] operator = settings.geometry().operator(grid, side, TinyClip.PATCH);
            double[] map = new double[side * side];
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    for (int cell = 0; cell < grid * grid; cell++) {
                        map[y * side + x] +=
                                operator[y][Math.floorDiv(cell, grid)] * operator[x][cell % grid] * cells[cell];
                    }
                }
            }
            return map;
        }

        /** Bilinear, half pixels. */
        private double[] resized(double[] map, int width, int height) {
            double[] resized = new double[width * height];
            for (int i = 0; i < resized.length; i++) {
                double x = clamped((i % width + 0.5) * side / width - 0.5);
                double y = clamped((Math.floorDiv(i, width) + 0.5) * side / height - 0.5);
                int left = Math.min((int) x, side - 2);
                int top = Math.min((int) y, side - 2);
                double right = x - left;
                double bottom = y - top;
                resized[i] = (1 - bottom) * ((1 - right) * map[top * side + left] + right * map[top * side + left + 1])
                        + bottom
                                * ((1 - right) * map[(top + 1) * side + left]
                                        + right * map[(top + 1) * side + left + 1]);
            }
            return resized;
        }

        private double clamped(double position) {
            return Math.max(0, Math.min(side - 1, position));
        }

        private static double cosine(double[] a, double[] b) {
            double dot = 0;
            double lengthA = 0;
            double lengthB = 0;
            for (int i = 0; i < a.length; i++) {
                dot += a[i] * b[i];
                lengthA += a[i] * a[i];
                lengthB += b[i] * b[i];
            }
            return dot / Math.sqrt(lengthA * lengthB);
        }

        private static double[][] rows(float[] flat, int count) {
            int width = flat.length / count;
            double[][] rows = new double[count][width];
            for (int i = 0; i < flat.length; i++) {
                rows[Math.floorDiv(i, width)][i % width] = flat[i];
            }
            return rows;
        }
    }
}
