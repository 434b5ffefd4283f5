// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Frame.Placement;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.LatentUpdate.Threshold;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.RegionSampling;
import io.github.anomalyany.strategy.SchedulerRun;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The papers' formulas around losses that are given: 2×2 latents of one channel, whose left column is the region. */
class PaperGuidanceTest {
    private static final int SIDE = 16;
    private static final float[] ALL_CELLS = {1, 1, 1, 1};

    /** Gives gradients of 1 everywhere and attention that a test sets. */
    private static final class GivenLosses implements GuidanceLosses {
        private final List<StepInfo> attention = new ArrayList<>();
        private final List<StepInfo> images = new ArrayList<>();
        /** Cells of a 16×16 grid that attend above the mean, in the next pass and all after it. */
        private int attending = 96;

        /** Attention of those cells to the word, 0 to 1. */
        private float level = 0.2f;

        @Override
        public Attended attention(
                Sample sample, StepInfo info, AttentionLoss loss, Predicate<SmoothedAttention> takesGradient) {
            attention.add(info);
            var maps = maps();
            var smoothed = SmoothedAttention.of(maps);
            boolean wanted = takesGradient.test(smoothed);
            return new Attended(new Loss(0.5, wanted ? ALL_CELLS : new float[4], new float[6]), maps, smoothed);
        }

        /** Four positions: start, the word, another word that takes what it leaves, end. */
        private AttentionMaps maps() {
            var values = new float[4 * SIDE * SIDE];
            for (int i = 0; i < SIDE * SIDE; i++) {
                boolean attends = i < attending;
                values[SIDE * SIDE + i] = attends ? level / 10 : 0;
                values[2 * SIDE * SIDE + i] = attends ? 0 : 0.1f;
            }
            var region = new float[SIDE * SIDE];
            Arrays.fill(region, 1);
            return new AttentionMaps(4, SIDE, SIDE, values, List.of(new AttentionMaps.Word("w", List.of(1))), region);
        }

        @Override
        public SmoothedAttention guidedAttention(Sample sample, StepInfo info) {
            throw new IllegalStateException("the papers don't ask for it");
        }

        @Override
        public Loss image(Sample sample, StepInfo info, ClipRefinement refinement, RefinementTarget target) {
            images.add(info);
            return new Loss(0.7, new float[] {0.25f, 0.25f, 0.25f, 0.25f}, new float[] {0, 0, 1, 0, 0, 0});
        }
    }

    private final GivenLosses losses = new GivenLosses();

    private static PreparedRequest request() {
        var frame = new WorkingFrame(RgbImage.of(2, 2, new byte[12]), new Placement(0, 0, 2, 2, 2, 2), 1);
        var text = new float[] {1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1};
        var description = new float[] {1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1};
        var words = List.of(new AttentionMaps.Word("w", List.of(1)));
        var none = new float[0];
        return new PreparedRequest(
                frame, new float[4], new float[4], text, description, 3, words, SIDE, SIDE, none, none);
    }

    /** A run of some steps with latents of 0. */
    private static Sample sample(int steps) {
        var request = request();
        var region = Mask.rectangle(2, 2, new Region(0, 0, 1, 2));
        var plan = NoiseScheduler.ddim().plan(NoiseSchedule.stableDiffusion(), steps, 0);
        return new Sample(
                Attempt.first(0, 0),
                new TargetRegion(request.frame(), region, RegionSampling.TOUCHED, 0, SIDE, SIDE),
                NoiseSource.philox().open(0, 0),
                new float[4],
                new float[4],
                new SchedulerRun(plan, new float[4]),
                request.text(),
                new Unguided());
    }

    private PaperGuidance guidance(LatentUpdate update, boolean refines, int steps, int interval) {
        Optional<ClipRefinement> image = refines ? Optional.of(ClipRefinement.cosine()) : Optional.empty();
        var plan = new PaperGuidance.Plan(
                Optional.of(AttentionLoss.maxPerWord()),
                update,
                image,
                PromptRefinement.standard(),
                interval,
                4 * steps,
                steps);
        return new PaperGuidance(plan, request(), losses);
    }

    private static LatentUpdate plain(boolean localized, boolean stopsEarly) {
        return new LatentUpdate(10, localized, List.of(), 20, 0, stopsEarly);
    }

    /** Brings a sample to its next step with latents of 0. */
    private static void next(Sample sample) {
        sample.run().advance(new float[4]);
        sample.run().replaceSample(new float[4]);
    }

    @Test
    void movesOnlyTheRegionByLambdaTimesOnePlusTheShareOfStepsToGo() {
        var sample = sample(10);
        guidance(plain(false, false), false, 10, 1).steer(sample);
        assertThat(sample.run().sample()).containsExactly(-12.5f, 0, -12.5f, 0);
    }

    @Test
    void theStepShrinksWithTheNumberOfAttendingCells() {
        var sample = sample(10);
        var guidance = guidance(plain(true, false), false, 10, 1);
        guidance.steer(sample);
        float first = sample.run().sample()[0];
        next(sample);
        losses.attending = 64;
        guidance.steer(sample);
        // whole rows, so that the smoothing lifts no other cell above the mean
        double expected = first / 1.25 * (1 + 9 / 40.0) * 64 / 96;
        assertThat(sample.run().sample()[0]).isCloseTo((float) expected, within(1e-5f));
    }

    @Test
    void repeatsAtAThresholdUntilItIsReachedAndNoMoreThanAllowed() {
        var thresholds = List.of(new Threshold(0, 0.99), new Threshold(10, 0.01));
        var sample = sample(25);
        var guidance = guidance(new LatentUpdate(10, false, thresholds, 7, 0, false), false, 25, 1);
        guidance.steer(sample);
        assertThat(losses.attention).hasSize(7);
        assertThat(losses.attention.get(6).pass()).isEqualTo(6);
        for (int step = 1; step <= 10; step++) {
            next(sample);
            guidance.steer(sample);
        }
        assertThat(losses.attention)
                .as("one each, the level of step 10 being reached at once")
                .hasSize(7 + 10);
    }

    @Test
    void repeatedUpdatesMoveTheRegionAtLeastSoFarHoweverSmallTheGradient() {
        var sample = sample(25);
        var tiny = new LatentUpdate(0.001, false, List.of(new Threshold(0, 0.99)), 5, 0.05, false);
        guidance(tiny, false, 25, 1).steer(sample);
        // once λ(1+Δτ) = .00125, then four times .05: the gradient is 1 everywhere
        assertThat(sample.run().sample()).containsExactly(new float[] {-0.20125f, 0, -0.20125f, 0}, within(1e-6f));
    }

    @Test
    void shortRunsHaveTheirThresholdsAtTheSameShareOfTheSteps() {
        var sample = sample(5);
        var thresholds = List.of(new Threshold(10, 0.99));
        var guidance = guidance(new LatentUpdate(10, false, thresholds, 3, 0, false), false, 5, 1);
        var passes = new ArrayList<Integer>();
        for (int step = 0; step < 5; step++) {
            int before = losses.attention.size();
            guidance.steer(sample);
            passes.add(losses.attention.size() - before);
            next(sample);
        }
        assertThat(passes).containsExactly(1, 1, 3, 1, 1);
    }

    @Test
    void stopsForGoodOnceTheAttentionHasGatheredAfterTheTenthStep() {
        var sample = sample(30);
        var guidance = guidance(plain(true, true), false, 30, 1);
        losses.attending = 32;
        for (int step = 0; step < 30; step++) {
            guidance.steer(sample);
            next(sample);
        }
        // steps 0 to 10, and the pass of step 11 that sees it and takes no gradient
        assertThat(losses.attention).hasSize(12);
    }

    @Test
    void aStepWithAThresholdHasItsUpdatesAfterTheStopToo() {
        var sample = sample(30);
        var thresholds = List.of(new Threshold(20, 0.99));
        var guidance = guidance(new LatentUpdate(10, true, thresholds, 4, 0, true), false, 30, 1);
        losses.attending = 32;
        for (int step = 0; step < 30; step++) {
            guidance.steer(sample);
            next(sample);
        }
        assertThat(losses.attention).hasSize(12 + 4);
        assertThat(losses.attention.get(15).step()).isEqualTo(20);
    }

    @Test
    void goesOnWhileTheAttentionIsSpread() {
        var sample = sample(30);
        var guidance = guidance(plain(true, true), false, 30, 1);
        for (int step = 0; step < 30; step++) {
            guidance.steer(sample);
            next(sample);
        }
        assertThat(losses.attention).hasSize(30);
    }

    @Test
    void actsAtEverySecondStepOnly() {
        var sample = sample(10);
        var guidance = guidance(plain(false, false), true, 10, 2);
        for (int step = 0; step < 10; step++) {
            guidance.steer(sample);
            next(sample);
        }
        assertThat(losses.attention).extracting(StepInfo::step).containsExactly(0, 2, 4, 6, 8);
        assertThat(losses.images).extracting(StepInfo::step).containsExactly(8);
    }

    @Test
    void refinesInTheLastThirtyPercentWithBothGradientsAtOnePoint() {
        var sample = sample(10);
        var guidance = guidance(plain(false, false), true, 10, 1);
        for (int step = 0; step < 7; step++) {
            guidance.steer(sample);
            next(sample);
        }
        assertThat(losses.images).isEmpty();
        guidance.steer(sample);
        assertThat(losses.images).hasSize(1);
        float alpha = (float) (10 * (1 + 3 / 40.0));
        assertThat(sample.run().sample())
                .containsExactly(new float[] {-(alpha + 0.25f), 0, -(alpha + 0.25f), 0}, within(1e-5f));
    }

    @Test
    void movesThePromptTowardsTheDescriptionAndAgainstTheImageLossAndNotTheNegativePrompt() {
        var sample = sample(10);
        var guidance = guidance(plain(false, false), true, 10, 1);
        float[] before = sample.text();
        for (int step = 0; step < 7; step++) {
            next(sample);
        }
        guidance.steer(sample);
        float[] after = sample.text();
        assertThat(Arrays.copyOf(after, 6)).isEqualTo(Arrays.copyOf(before, 6));
        // the first position: (1, 0) towards (1, 1); ∇L_prompt = −(1/3)(t/|x||t| − cos·x/|x|²)
        double pull = 1 / (3 * Math.sqrt(2));
        assertThat(after[6]).isCloseTo(1f, within(1e-6f));
        assertThat(after[7]).isCloseTo((float) pull, within(1e-6f));
        // the second equals the description's: only the image loss moves it
        assertThat(after[8]).isCloseTo(-1f, within(1e-6f));
        assertThat(after[9]).isCloseTo(1f, within(1e-6f));
    }
}
