// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.examples.SampleData;
import io.github.anomalyany.examples.strategies.BorderBandProposal;
import io.github.anomalyany.examples.strategies.LayoutKeepingConditioning;
import io.github.anomalyany.examples.strategies.MarginRefinement;
import io.github.anomalyany.examples.strategies.MeanAttentionLoss;
import io.github.anomalyany.examples.strategies.QuadraticDdim;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.testing.NoiseSourceContract;
import io.github.anomalyany.testing.vlad.VladLossContract;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.BankSelection;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.Fusion;
import io.github.anomalyany.vlad.LabelMode;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.MapGeometry;
import io.github.anomalyany.vlad.PromptEnsemble;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladLoss;
import io.github.anomalyany.vlad.VladSettings;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The code of docs/strategies.md. */
class StrategySnippets {
    /** The largest square in the middle, at the model's own size: for parts that a camera centres. */
    record CentralSquare() implements Frame {
        @Override
        public String description() {
            return "central-square";
        }

        // region frame
        @Override
        public Placement place(int width, int height, ModelSize size) {
            int side = Math.min(width, height);
            int model = size.nearest(size.nativeSide());
            return new Placement((width - side) / 2, (height - side) / 2, side, side, model, model);
        }
        // endregion
    }

    /** Other numbers for each production line, so that equal seeds give other pictures there. */
    record NoiseOfLine(NoiseSource source, long line) implements NoiseSource {
        @Override
        public String description() {
            return source.description() + "(line=" + line + ")";
        }

        // region noise
        @Override
        public Stream open(long seed, int image) {
            return source.open(seed ^ (line * 0x9e3779b97f4a7c15L), image);
        }
        // endregion
    }

    @Nested
    class NoiseOfLineTest extends NoiseSourceContract {
        @Override
        protected NoiseSource source() {
            return new NoiseOfLine(NoiseSource.philox(), 3);
        }
    }

    // region fusion
    /** The branch that is surer decides. */
    record Larger() implements Fusion {
        @Override
        public String description() {
            return "larger";
        }

        @Override
        public double score(Evidence evidence) {
            return Math.max(evidence.language(), evidence.vision());
        }

        @Override
        public float pixel(float language, float vision) {
            return Math.max(language, vision);
        }
    }
    // endregion

    // region selection
    /** Every n-th token: a smaller bank of a surface that looks alike everywhere. */
    record EveryNth(int n) implements BankSelection {
        @Override
        public String description() {
            return "every-nth(" + n + ")";
        }

        @Override
        public int[] select(float[] tokens, int count, int width, long seed) {
            return IntStream.range(0, count).filter(i -> i % n == 0).toArray();
        }

        @Override
        public long upTo(long count) {
            return (count + n - 1) / n;
        }
    }
    // endregion

    // region adapter
    /** Adds the same vector to every adapted patch token: a correction for another camera. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Shifted(FeatureAdapter of, float[] shift) implements FeatureAdapter {
        @Override
        public String description() {
            return of.description() + "+shift(" + List.of(shift[0], shift[1]) + ")";
        }

        @Override
        public Shape shape() {
            return of.shape();
        }

        @Override
        public float[] patches(int stage, float[] tokens, int count) {
            float[] adapted = of.patches(stage, tokens, count);
            for (int i = 0; i < adapted.length; i++) {
                adapted[i] += shift[i % shift.length];
            }
            return adapted;
        }

        @Override
        public float[] images(float[] embeddings, int count) {
            return of.images(embeddings, count);
        }
    }
    // endregion

    // region loss
    /** Mean squared error of the pixels; pictures don't count. */
    record SquaredError() implements VladLoss {
        @Override
        public String description() {
            return "squared-error";
        }

        @Override
        public Value evaluate(Batch batch) {
            float[] scores = batch.pixelScores();
            var gradient = new float[scores.length];
            double sum = 0;
            for (int i = 0; i < scores.length; i++) {
                double error = scores[i] - batch.pixelLabels()[i];
                sum += error * error;
                gradient[i] = (float) (2 * error / scores.length);
            }
            return new Value(sum / scores.length, new float[batch.pictures()], gradient);
        }
    }
    // endregion

    @Nested
    class SquaredErrorTest extends VladLossContract {
        @Override
        protected VladLoss loss() {
            return new SquaredError();
        }
    }

    @Test
    void generatesWithEveryStrategyReplaced() throws IOException {
        var normal = RgbImage.read(SampleData.BRICK.resolveSibling("capsule/train/good/000.png"));
        // region settings
        var settings = GenerationSettings.fast().toBuilder()
                .scheduler(new QuadraticDdim())
                .conditioning(new LayoutKeepingConditioning(0.3, 0.3))
                .attentionLoss(new MeanAttentionLoss())
                .clipRefinement(new MarginRefinement(0.35))
                .frame(new CentralSquare())
                .noise(new NoiseOfLine(NoiseSource.philox(), 3))
                .build();
        var band = new BorderBandProposal(RegionProposal.foreground(), 0.25);
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly("a photo of a capsule with a crack")
                .region(RegionProposal.random(RegionProposal.Shape.POLYGON, 0.25, 0.35, band))
                .settings(settings)
                .build();
        // endregion
        try (var generator = TinyModels.generator().build()) {
            var result = generator.generate(request);
            var made = result.accepted().isEmpty() ? result.rejected() : result.accepted();
            assertThat(made.get(0).provenance().toJson())
                    .contains("central-square", "line=3", "ddim(quadratic)", "border-band(0.25");
        }
    }

    @Test
    void detectsWithStrategiesOfItsOwn() {
        var clip = TinyModels.directory();
        // region detector
        var settings = VladSettings.builtIn().toBuilder()
                .fusion(new Larger())
                .bankSelection(new EveryNth(2))
                .geometry(MapGeometry.halfPixel())
                .prompts(new PromptEnsemble(
                        "ours",
                        List.of("a clean {}"),
                        List.of("a scratched {}", "a dented {}"),
                        List.of("a photo of {}.")))
                .build();
        var training = TrainingSettings.sdk().toBuilder()
                .loss(new SquaredError())
                .labels(LabelMode.of("square", (label, largest) -> label * label))
                .build();
        // endregion
        assertThat(training.description()).contains("squared-error", "square");
        var value = training.loss()
                .evaluate(new VladLoss.Batch(
                        new float[] {1}, new float[] {0.5f}, new float[] {1, 0}, new float[] {0.5f, 0}));
        assertThat(value.loss()).isEqualTo(0.125);
        assertThat(value.pixelGradient()).containsExactly(-0.5f, 0);
        try (var plain = VladDetector.builder().modelDirectory(clip).build();
                var detector = VladDetector.builder()
                        .modelDirectory(clip)
                        .settings(settings)
                        .adapter(new Shifted(
                                LinearAdapters.random(plain.adapterShape(), 1),
                                new float[plain.adapterShape().sharedWidth()]))
                        .build()) {
            var bank = detector.index("brick", Photos.good(0, 1));
            var found = detector.detect(Photos.damaged(), bank);
            assertThat(found.score())
                    .isEqualTo(Math.max(found.language(), found.vision().orElseThrow()));
            assertThat(found.provenance().toJson()).contains("larger", "shift");
        }
    }
}
