// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Attended;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Loss;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The papers' guidance: the emphasized words come to attend inside the region (AnomalyAny 4.2, CUT 4.2 and A.1), and in the last
 * steps CLIP comes to see the described damage (AnomalyAny 4.3).
 */
final class PaperGuidance implements Guidance {
    /** Runs of fewer steps have the thresholds and the early stop at the same share of this many. */
    private static final int FULL_RUN = 25;

    private static final int EARLY_STOP_AFTER = 10;
    private static final double EARLY_STOP_LEAST = 10 / 256.0;
    private static final double EARLY_STOP_MOST = 50 / 256.0;

    /** What the samples of a request have in common. */
    record Plan(
            Optional<AttentionLoss> attention,
            LatentUpdate update,
            Optional<ClipRefinement> image,
            PromptRefinement refinement,
            int interval,
            int wholeRunSteps,
            int steps) {}

    private final Plan plan;
    private final PreparedRequest request;
    private final GuidanceLosses losses;
    private final Tally tally = new Tally();
    private OptionalDouble firstCells = OptionalDouble.empty();
    private boolean stopped;

    PaperGuidance(Plan plan, PreparedRequest request, GuidanceLosses losses) {
        this.plan = plan;
        this.request = request;
        this.losses = losses;
    }

    @Override
    public void steer(Sample sample) {
        int step = sample.run().index();
        if (step % plan.interval != 0) {
            return;
        }
        var info = info(sample, 0);
        Optional<Loss> image = plan.image.filter(i -> refines(step)).map(i -> image(sample, info, i));
        Optional<Attended> attended =
                plan.attention.filter(a -> attendsAt(step)).map(a -> attend(sample, info, a));
        image.ifPresent(loss -> move(sample, loss, 1));
        attended.ifPresent(a -> move(sample, a.loss(), stepSize(a, step)));
        image.ifPresent(loss -> movePrompt(sample, loss));
        attended.ifPresent(a -> attendUntilThreshold(sample, a));
    }

    @Override
    public Tally tally() {
        return tally;
    }

    private StepInfo info(Sample sample, int pass) {
        var run = sample.run();
        return new StepInfo(run.index(), plan.steps, run.step().timestep(), pass);
    }

    private boolean refines(int step) {
        return step >= (1 - plan.refinement.share()) * plan.steps;
    }

    /** L_img at the sample's state (eq. 10). */
    private Loss image(Sample sample, StepInfo info, ClipRefinement refinement) {
        Loss loss = losses.image(sample, info, refinement, plan.refinement.target());
        tally.image(loss.value());
        return loss;
    }

    /** The early stop ends the ordinary updates; a step with a threshold has its updates all the same. */
    private boolean attendsAt(int step) {
        return !stopped || threshold(step) > 0;
    }

    /** L_att at the sample's state (eq. 4 and 7), unless the early stop ends the optimisation here. */
    private Attended attend(Sample sample, StepInfo info, AttentionLoss loss) {
        Attended attended = losses.attention(sample, info, loss, smoothed -> {
            int cells = cellsAboveMean(smoothed);
            if (firstCells.isEmpty()) {
                firstCells = OptionalDouble.of(Math.max(1, cells));
            }
            stopped |= stopsAt(info.step(), cells);
            return attendsAt(info.step());
        });
        tally.attention(attended.loss().value());
        return attended;
    }

    /** z ← z − α·∇L ⊙ m; for both losses together, eq. 11. */
    private static void move(Sample sample, Loss loss, double size) {
        float[] latents = sample.run().sample();
        sample.region().move(latents, loss.latents(), size);
        sample.run().replaceSample(latents);
    }

    /** α_t = λ(1+Δτ)·n_t/n_start (eq. 5 and 9). */
    private double stepSize(Attended attended, int step) {
        double toGo = (double) (plan.steps - step) / plan.wholeRunSteps;
        double size = plan.update.scale() * (1 + toGo);
        return plan.update.localized() ? size * cellsAboveMean(attended.smoothed()) / firstCells.orElseThrow() : size;
    }

    /** Repeats the update at the steps that have a threshold until the weakest word's attention reaches it (CUT A.1). */
    private void attendUntilThreshold(Sample sample, Attended first) {
        double wanted = threshold(sample.run().index());
        Attended last = first;
        for (int round = 1; round < plan.update.maxRounds() && reached(last) < wanted; round++) {
            last = attend(sample, info(sample, round), plan.attention.orElseThrow());
            double size = stepSize(last, sample.run().index());
            move(sample, last.loss(), Math.max(size, leastSize(sample, last.loss())));
        }
    }

    /** The step size that moves the region's latents by {@link LatentUpdate#leastMove}, root mean square. */
    private double leastSize(Sample sample, Loss loss) {
        float[] gradient = loss.latents();
        float[] region = sample.region().latent();
        double squares = 0;
        int count = 0;
        for (int i = 0; i < gradient.length; i++) {
            if (region[i % region.length] > 0) {
                squares += (double) gradient[i] * gradient[i];
                count++;
            }
        }
        return squares > 0 ? plan.update.leastMove() / Math.sqrt(squares / count) : 0;
    }

    /** The level to reach at a step or since the last guided one; 0 where there is none. */
    private double threshold(int step) {
        double wanted = 0;
        for (LatentUpdate.Threshold threshold : plan.update.thresholds()) {
            int at = scaled(threshold.step());
            if (at <= step && at > step - plan.interval) {
                wanted = threshold.attention();
            }
        }
        return wanted;
    }

    private int scaled(int step) {
        return plan.steps >= FULL_RUN ? step : step * plan.steps / FULL_RUN;
    }

    /** Largest attention inside the region, of the word that has the least. */
    private static double reached(Attended attended) {
        AttentionMaps maps = attended.maps();
        double least = Double.POSITIVE_INFINITY;
        for (AttentionMaps.Word word : maps.words()) {
            float[] map = attended.smoothed().map(word);
            double largest = 0;
            for (int i = 0; i < map.length; i++) {
                largest = Math.max(largest, map[i] * maps.region()[i]);
            }
            least = Math.min(least, largest);
        }
        return least;
    }

    /**
     * The early stop: after the first ten steps and the one with the second threshold, as soon as the attention has gathered
     * on few cells (CUT A.1).
     */
    private boolean stopsAt(int step, int attending) {
        int cells = request.gridRows() * request.gridColumns();
        return plan.update.stopsEarly()
                && step > scaled(EARLY_STOP_AFTER)
                && attending > EARLY_STOP_LEAST * cells
                && attending < EARLY_STOP_MOST * cells;
    }

    private int cellsAboveMean(SmoothedAttention smoothed) {
        float[] map = meanOverWords(smoothed, request.words());
        double sum = 0;
        for (float value : map) {
            sum += value;
        }
        int above = 0;
        for (float value : map) {
            above += value > sum / map.length ? 1 : 0;
        }
        return above;
    }

    /** Mean of the words' smoothed maps, [row][column]. */
    static float[] meanOverWords(SmoothedAttention attention, List<AttentionMaps.Word> words) {
        float[] mean = attention.map(words.get(0));
        for (AttentionMaps.Word word : words.subList(1, words.size())) {
            float[] map = attention.map(word);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += map[i];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= words.size();
        }
        return mean;
    }

    /** τ ← τ − ∇(L_prompt + L_img), of the prompt alone (eq. 12 and 13). */
    private void movePrompt(Sample sample, Loss image) {
        if (!plan.refinement.movesPrompt()) {
            return;
        }
        float[] text = sample.text().clone();
        int half = text.length / 2;
        float[] wanted = Arrays.copyOfRange(request.descriptionText(), half, text.length);
        LossAndGradient prompt = PromptLoss.overWidth(sample.conditionalText(), wanted, request.textWidth());
        for (int i = 0; i < half; i++) {
            text[half + i] -= prompt.gradient()[i] + image.text()[i];
        }
        sample.replaceText(text);
    }
}
