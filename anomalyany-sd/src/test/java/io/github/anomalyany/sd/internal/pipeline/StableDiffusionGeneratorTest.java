// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.Acceptance;
import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.Device;
import io.github.anomalyany.EngineUnavailableException;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationException;
import io.github.anomalyany.GenerationListener;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.sd.StableDiffusionOptions.Memory;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementDecoder;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.StepInfo;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The generator on the built-in model. Runs are short: a few steps of a small picture. */
class StableDiffusionGeneratorTest {
    private static Path directory;
    private static AnomalyGenerator generator;

    @BeforeAll
    static void load() {
        directory = TinyModels.directory();
        generator = open(StableDiffusionOptions.defaults());
    }

    @AfterAll
    static void free() {
        generator.close();
    }

    private static AnomalyGenerator open(StableDiffusionOptions options) {
        return AnomalyGenerator.builder()
                .modelDirectory(directory)
                .device(Device.cpu())
                .engineOptions(options)
                .build();
    }

    private static GenerationSettings.Builder quick() {
        return GenerationSettings.builder().steps(8).strength(0.5).withoutClipRefinement();
    }

    /** A picture of stripes with some noise, the same for equal arguments. */
    private static RgbImage picture(int width, int height, long seed) {
        var random = new SplittableRandom(seed);
        var bytes = new byte[3 * width * height];
        for (int i = 0; i < width * height; i++) {
            int grey = 110 + 40 * ((i % width) / 7 % 2) + random.nextInt(20);
            bytes[3 * i] = (byte) grey;
            bytes[3 * i + 1] = (byte) (grey - 20);
            bytes[3 * i + 2] = (byte) (grey - 50);
        }
        return RgbImage.of(width, height, bytes);
    }

    private static GenerationRequest.Builder request() {
        return GenerationRequest.builder()
                .normal(picture(96, 80, 1))
                .anomaly("a photo of wood with a hole")
                .seed(5)
                .settings(quick().build());
    }

    @Test
    void refusesACudaDeviceThatIsNotThereAndSaysWhatToAdd() {
        var builder = AnomalyGenerator.builder().modelDirectory(directory).device(Device.cuda(7));
        assertThatThrownBy(builder::build)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("cuda(7)")
                .hasMessageContaining("pytorch-native-cu128");
    }

    @Test
    void refusesOptionsOfAnotherEngine() {
        var builder = AnomalyGenerator.builder()
                .modelDirectory(directory)
                .engineOptions(new io.github.anomalyany.spi.EngineOptions() {});
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("StableDiffusionOptions");
    }

    @Test
    void namesAllThatIsWrongWithARequestBeforeAnyNetworkRuns() {
        var listener = new Recorder();
        var request = request()
                .anomaly("a photo of wood with a hole " + "very ".repeat(90))
                .emphasize("spider")
                .settings(quick().frame(Frame.around(new Region(90, 0, 20, 10), 1))
                        .build())
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(request, RunControl.listeningTo(listener)))
                .withMessageContaining("only 75 fit")
                .withMessageContaining("96×80");
        assertThat(listener.steps).isEmpty();
    }

    @Test
    void refusesARegionThatTheFrameLeavesOut() {
        var settings = quick().frame(Frame.around(new Region(0, 0, 20, 20), 0)).build();
        var request = request().settings(settings).region(Mask.rectangle(96, 80, new Region(60, 60, 5, 5)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(request.build()))
                .withMessageContaining("outside the frame");
    }

    @Test
    void listsTheTokensWhenAWordIsNotInThePrompt() {
        var request = request().emphasize("spider").build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> generator.generate(request))
                .withMessageContaining("spider")
                .withMessageContaining("hole");
    }

    @Test
    void cutsLongPromptsOnlyWhenAskedTo() {
        var request = request()
                .anomaly("a photo of wood with a hole " + "very ".repeat(90))
                .truncatePrompts()
                .build();
        assertThat(all(request)).hasSize(1);
    }

    @Test
    void reportsWhoGaveNumbersThatAreNotFinite() {
        var settings = quick().attentionLoss(new Broken()).build();
        assertThatThrownBy(() -> generator.generate(request().settings(settings).build()))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("broken(NaN)")
                .hasMessageContaining("finite");
    }

    @Test
    void wrapsWhatAStrategyThrows() {
        var settings = quick().attentionLoss(new Throwing()).build();
        assertThatThrownBy(() -> generator.generate(request().settings(settings).build()))
                .isInstanceOf(GenerationException.class)
                .hasMessageContaining("seed 5")
                .hasRootCauseInstanceOf(ArithmeticException.class);
    }

    /** Between a loss and its way back through the network, which belong to one pass. */
    @Test
    void stopsWithinAPass() {
        var token = new CancellationToken();
        var evaluations = new AtomicInteger();
        var cancelling = new AttentionLoss() {
            @Override
            public String description() {
                return "cancelling";
            }

            @Override
            public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
                evaluations.incrementAndGet();
                token.cancel();
                return AttentionLoss.maxPerWord().evaluate(maps, step);
            }
        };
        var request = request().settings(quick().attentionLoss(cancelling).build());
        assertThatThrownBy(() ->
                        generator.generate(request.build(), RunControl.none().withToken(token)))
                .isInstanceOf(GenerationCancelledException.class)
                .hasStackTraceContaining("attentionGradients");
        assertThat(evaluations).hasValue(1);
    }

    @Test
    void keepsWhatWasMadeBeforeAStrategyFailed() {
        var settings = quick().attentionLoss(new FailingAtTheSecondImage()).build();
        var request = request().count(2).settings(settings).build();
        assertThatThrownBy(() -> generator.generate(request))
                .isInstanceOfSatisfying(
                        GenerationException.class,
                        e -> assertThat(e.completed().accepted().size()
                                        + e.completed().rejected().size())
                                .isEqualTo(1));
    }

    /** Fails when a run starts for the second time. */
    private static final class FailingAtTheSecondImage implements AttentionLoss {
        private final AtomicInteger starts = new AtomicInteger();

        @Override
        public String description() {
            return "failing";
        }

        @Override
        public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
            if (step.step() == 0 && step.pass() == 0 && starts.incrementAndGet() == 2) {
                throw new IllegalStateException("thrown on purpose");
            }
            return AttentionLoss.maxPerWord().evaluate(maps, step);
        }
    }

    @Test
    void refusesSettingsThatNeedASmallDecoderWhereThereIsNone() {
        var refinement = PromptRefinement.standard().withDecoder(RefinementDecoder.AUTOENCODER_TINY);
        var settings = quick().clipRefinement(ClipRefinement.cosine()).promptRefinement(refinement);
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        generator.generate(request().settings(settings.build()).build()))
                .withMessageContaining("refinementDecoderDirectory");
    }

    @Test
    void triesRejectedPicturesAgainWithOtherSeedsAndNoAcceptedOne() {
        var never = quick().acceptance(Acceptance.standard().withClipMargin(2)).build();
        var result =
                generator.generate(request().settings(never).count(2).retries(2).build());
        assertThat(result.accepted()).isEmpty();
        assertThat(result.rejected()).hasSize(6);
        assertThat(result.rejected().stream()
                        .map(made -> made.provenance().entries().get("attemptSeed"))
                        .distinct())
                .hasSize(6 / 2);
        assertThat(result.rejected().stream().map(made -> made.provenance().id()))
                .containsExactly(
                        "anomaly-5-0",
                        "anomaly-5-0-retry1",
                        "anomaly-5-0-retry2",
                        "anomaly-5-1",
                        "anomaly-5-1-retry1",
                        "anomaly-5-1-retry2");
        assertThat(result.rejected().get(0).verdict().reasons())
                .anyMatch(reason -> reason.criterion() == Criterion.CLIP_MARGIN);
    }

    @Test
    void givesEachPictureARegionOfItsOwnWhereTheProposalDoes() {
        var proposal = RegionProposal.random(RegionProposal.Shape.ELLIPSE, 0.05, 0.1, RegionProposal.wholeImage());
        var request = request().region(proposal).count(3).build();
        var made = all(request);
        for (int i = 0; i < 3; i++) {
            var region = proposal.propose(request.normal(), request.seed(), i);
            var mask = byImage(made, i).mask();
            assertThat(mask.and(region)).isEqualTo(mask);
        }
    }

    @Test
    void showsAPreviewDuringAStepAndOnlyThen() {
        var previews = new ArrayList<RgbImage>();
        var events = new ArrayList<GenerationListener.StepEvent>();
        var listener = new GenerationListener() {
            @Override
            public void onStep(StepEvent event) {
                previews.add(event.preview().get());
                events.add(event);
            }
        };
        var plain = all(request().build()).get(0);
        var result = generator.generate(request().build(), RunControl.listeningTo(listener));
        assertThat(previews).hasSize(4).allMatch(preview -> preview.width() == 256);
        assertThat(previews).doesNotHaveDuplicates();
        assertThatIllegalStateException()
                .isThrownBy(() -> events.get(0).preview().get());
        assertThat(Stream.concat(result.accepted().stream(), result.rejected().stream())
                        .map(GeneratedAnomaly::image))
                .containsExactly(plain.image());
    }

    @Test
    void tellsTheListenerEachStepWithAnEstimate() {
        var listener = new Recorder();
        generator.generate(request().count(2).build(), RunControl.listeningTo(listener));
        assertThat(listener.steps).hasSize(8);
        assertThat(listener.images).hasSize(2);
        assertThat(listener.steps.get(7).remaining()).isZero();
        assertThat(listener.steps.get(4).image()).isEqualTo(1);
        assertThat(listener.steps.get(0).attentionLoss()).isPresent();
    }

    /** Collections without an order of their own differ from JVM to JVM, and so would the files. */
    @Test
    void provenanceIsWrittenInAFixedOrder() {
        String json = all(request().build()).get(0).provenance().toJson();
        assertThat(json.lines()
                        .map(String::strip)
                        .filter(line -> line.contains("\": "))
                        .map(line -> line.split("\"", 3)[1]))
                .containsSubsequence(
                        "prompt",
                        "seed",
                        "settings",
                        "steps",
                        "feather",
                        "start",
                        "passes",
                        "model",
                        "device",
                        "versions",
                        "anomalyany",
                        "pytorch");
    }

    @Test
    void twoGeneratorsInOneJvmGiveTheBytesThatOneAloneGives() {
        var request = request().build();
        List<byte[]> alone = pngs(generator, request);
        try (var second = open(StableDiffusionOptions.defaults())) {
            var other = CompletableFuture.supplyAsync(() -> pngs(second, request));
            assertThat(pngs(generator, request)).usingRecursiveComparison().isEqualTo(alone);
            assertThat(other.join()).usingRecursiveComparison().isEqualTo(alone);
        }
    }

    @Test
    void memoryPoliciesGiveTheSameBytes() {
        var request = request()
                .settings(quick().clipRefinement(ClipRefinement.cosine()).build())
                .build();
        try (var small = open(new StableDiffusionOptions(1, Memory.SMALL))) {
            assertThat(pngs(small, request)).usingRecursiveComparison().isEqualTo(pngs(generator, request));
        }
    }

    @Test
    void aBatchGivesThePicturesThatOneAfterTheOtherGives() {
        var request = request().count(4).build();
        List<GeneratedAnomaly> alone = all(request);
        try (var batching = open(new StableDiffusionOptions(4, Memory.FAST))) {
            var result = batching.generate(request);
            var batch = new ArrayList<>(result.accepted());
            batch.addAll(result.rejected());
            assertThat(batch).hasSize(4);
            for (int i = 0; i < 4; i++) {
                byte[] ours = byImage(batch, i).image().toBytes();
                byte[] theirs = byImage(alone, i).image().toBytes();
                int differing = 0;
                for (int k = 0; k < ours.length; k++) {
                    differing += ours[k] == theirs[k] ? 0 : 1;
                }
                assertThat(differing).isLessThanOrEqualTo(ours.length / 1000);
            }
        }
    }

    private static GeneratedAnomaly byImage(List<GeneratedAnomaly> made, int image) {
        return made.stream()
                .filter(m -> Objects.equals(m.provenance().entries().get("image"), image))
                .findFirst()
                .orElseThrow();
    }

    static Stream<int[]> oddSizes() {
        var random = new SplittableRandom(7);
        return Stream.concat(
                Stream.of(new int[] {1, 1}, new int[] {1, 301}, new int[] {303, 2}, new int[] {97, 89}),
                Stream.generate(() -> new int[] {random.nextInt(3, 200), random.nextInt(3, 200)})
                        .limit(16));
    }

    @ParameterizedTest
    @MethodSource("oddSizes")
    void leavesEveryPixelOutsideTheFeatheredRegionAsItWas(int[] size) {
        int w = size[0];
        int h = size[1];
        var normal = picture(w, h, w + 1000L * h);
        Mask region = Mask.rectangle(w, h, new Region(w / 3, h / 3, Math.max(1, w / 4), Math.max(1, h / 4)));
        int feather = 3;
        var settings = GenerationSettings.builder()
                .withoutClipRefinement()
                .steps(2)
                .strength(0.5)
                .feather(feather)
                .build();
        var made = all(request()
                        .normal(normal)
                        .region(region)
                        .settings(settings)
                        .build())
                .get(0);
        assertThat(made.image().width()).isEqualTo(w);
        assertThat(made.mask().height()).isEqualTo(h);
        assertThat(made.scores().width()).isEqualTo(w);
        byte[] before = normal.toBytes();
        byte[] after = made.image().toBytes();
        for (int y = 0; y < h; y++) {
            for (int x = 0; x < w; x++) {
                if (distance(x, w / 3, Math.max(1, w / 4)) > feather
                        || distance(y, h / 3, Math.max(1, h / 4)) > feather) {
                    for (int c = 0; c < 3; c++) {
                        assertThat(after[3 * (y * w + x) + c]).isEqualTo(before[3 * (y * w + x) + c]);
                    }
                    assertThat(made.mask().contains(x, y)).isFalse();
                }
            }
        }
    }

    private static int distance(int at, int start, int length) {
        return Math.max(0, Math.max(start - at, at - (start + length - 1)));
    }

    static Stream<GenerationSettings> variants() {
        return Stream.of(
                quick().scheduler(NoiseScheduler.pndm()).build(),
                quick().scheduler(NoiseScheduler.dpmSolver()).build(),
                quick().scheduler(NoiseScheduler.euler()).build(),
                quick().scheduler(NoiseScheduler.ddpm()).build(),
                quick().scheduler(NoiseScheduler.ddim(1))
                        .noise(NoiseSource.torch())
                        .build(),
                quick().noiseLevel(0.4).guidanceScale(1).frame(Frame.stretch()).build(),
                quick().frame(Frame.around(new Region(10, 10, 20, 20), 0.5)).build(),
                quick().withoutAttentionLoss().build(),
                quick().clipRefinement(ClipRefinement.cosine()).build(),
                quick().attentionLoss(AttentionLoss.maxPerWordAnywhere()).build());
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyBuiltInStrategyRunsToTheEnd(GenerationSettings settings) {
        var made = all(request().settings(settings).build()).get(0);
        assertThat(made.image().width()).isEqualTo(96);
        assertThat(made.provenance().toJson()).contains(settings.scheduler().description());
    }

    @Test
    void keepsNoNativeMemoryBetweenRuns() {
        try (var model = DiffusionModel.load(directory, DiffusionModel.Companions.inside(), Device.cpu())) {
            var own = new StableDiffusionGenerator(
                    model, GenerationSettings.anomalyAny(), StableDiffusionOptions.defaults());
            var plain = GenerationSettings.builder()
                    .withoutClipRefinement()
                    .steps(1)
                    .strength(1)
                    .latentUpdate(new LatentUpdate(1, true, List.of(), 1, 0, false));
            var request = request().settings(plain.build()).build();
            var refined = request()
                    .settings(plain.clipRefinement(ClipRefinement.cosine()).build())
                    .build();
            own.generate(refined);
            int afterOne = model.runtime().liveArrays();
            for (int i = 0; i < 50; i++) {
                own.generate(i % 10 == 0 ? refined : request);
            }
            assertThat(model.runtime().liveArrays()).isEqualTo(afterOne);
        }
    }

    private static List<GeneratedAnomaly> all(GenerationRequest request) {
        var result = generator.generate(request);
        var all = new ArrayList<>(result.accepted());
        all.addAll(result.rejected());
        return all;
    }

    /** The files that a user would get. */
    private static List<byte[]> pngs(AnomalyGenerator generator, GenerationRequest request) {
        var result = generator.generate(request);
        var files = new ArrayList<byte[]>();
        Stream.concat(result.accepted().stream(), result.rejected().stream()).forEach(made -> {
            try {
                Path file = Files.createTempFile("anomaly", ".png");
                made.write(file);
                files.add(Files.readAllBytes(file));
                Files.delete(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return files;
    }

    private static class Recorder implements GenerationListener {
        final List<StepEvent> steps = new ArrayList<>();
        final List<GeneratedAnomaly> images = new ArrayList<>();

        @Override
        public void onStep(StepEvent event) {
            steps.add(event);
        }

        @Override
        public void onImage(GeneratedAnomaly made) {
            images.add(made);
        }
    }

    private record Broken() implements AttentionLoss {
        @Override
        public String description() {
            return "broken(NaN)";
        }

        @Override
        public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
            var gradient = new float[maps.values().length];
            gradient[3] = Float.NaN;
            return new LossAndGradient(0.5, gradient);
        }
    }

    private record Throwing() implements AttentionLoss {
        @Override
        public String description() {
            return "throwing";
        }

        @Override
        public LossAndGradient evaluate(AttentionMaps maps, StepInfo step) {
            throw new ArithmeticException("thrown on purpose");
        }
    }
}
