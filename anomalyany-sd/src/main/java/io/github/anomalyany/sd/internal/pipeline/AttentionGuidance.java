// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.SchedulerRun;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Moves the latents of one sample so that the emphasized words attend inside the region (AnomalyAny 4.2, CUT 4.2 and A.1).
 * Belongs to one thread.
 */
final class AttentionGuidance {
    /** Runs of fewer steps have the thresholds and the early stop at the same share of this many. */
    private static final int FULL_RUN = 25;

    private static final int EARLY_STOP_AFTER = 10;
    private static final double EARLY_STOP_LEAST = 10 / 256.0;
    private static final double EARLY_STOP_MOST = 50 / 256.0;

    /** What one run's passes have in common. */
    record Setup(
            Unet unet,
            AttentionLoss loss,
            LatentUpdate update,
            Tape.Memory memory,
            PreparedRequest request,
            int wholeRunSteps,
            int steps) {}

    private final Setup setup;
    private final RunWatch watch;
    private OptionalDouble firstCells = OptionalDouble.empty();
    private OptionalDouble lastLoss = OptionalDouble.empty();
    private double stepSize;
    private boolean stopped;
    private int passes;

    AttentionGuidance(Setup setup, RunWatch watch) {
        this.setup = setup;
        this.watch = watch;
    }

    /** Updates the latents before a denoising step: once, or until the step's threshold is reached. */
    void steer(SchedulerRun run) {
        if (stopped) {
            return;
        }
        double wanted = threshold(run.index());
        int rounds = wanted > 0 ? setup.update.maxRounds() : 1;
        for (int pass = 0; pass < rounds && !stopped; pass++) {
            double reached = 1 - update(run, pass);
            if (wanted > 0 && reached >= wanted) {
                break;
            }
        }
    }

    /** The level to reach at a step, or 0 where there is none. */
    private double threshold(int step) {
        for (LatentUpdate.Threshold threshold : setup.update.thresholds()) {
            if (step == scaled(threshold.step())) {
                return threshold.attention();
            }
        }
        return 0;
    }

    private int scaled(int step) {
        return setup.steps >= FULL_RUN ? step : step * setup.steps / FULL_RUN;
    }

    /** One pass and one update: z ← z − α·∇L ⊙ m (eq. 5, 7, 9). Returns the loss before the update. */
    private double update(SchedulerRun run, int pass) {
        var info = new StepInfo(run.index(), setup.steps, run.step().timestep(), pass);
        double scale = run.step().inputScale();
        float[] latents = run.sample();
        var request = setup.request;
        var input = new UnetInput(
                request.frame().latentRows(),
                request.frame().latentColumns(),
                new float[] {(float) info.timestep()},
                run.modelInput(),
                request.conditionalText());
        float[] gradient = watch.pass(() -> {
            try (var attended = setup.unet.attend(input, setup.memory)) {
                passes++;
                AttentionMaps maps = request.maps(attended.attention(0));
                LossAndGradient loss = StrategyResults.checked(
                        "the attention loss " + setup.loss.description(),
                        setup.loss.evaluate(maps, info),
                        maps.values().length);
                lastLoss = OptionalDouble.of(loss.loss());
                stepSize = stepSize(maps, run.index());
                return stopped
                        ? new float[latents.length]
                        : attended.attentionGradients(loss.gradient()).latents();
            }
        });
        request.moveInRegion(latents, gradient, stepSize * scale);
        run.replaceSample(latents);
        return lastLoss.orElseThrow();
    }

    /** α_t = λ(1+Δτ)·n_t/n_start, and the early stop, which looks at the same count. */
    private double stepSize(AttentionMaps maps, int step) {
        int cells = maps.rows() * maps.columns();
        double attending = cellsAboveMean(maps);
        if (firstCells.isEmpty()) {
            firstCells = OptionalDouble.of(Math.max(1, attending));
        }
        stopped = setup.update.stopsEarly()
                && step >= scaled(EARLY_STOP_AFTER)
                && step > 0
                && attending > EARLY_STOP_LEAST * cells
                && attending < EARLY_STOP_MOST * cells;
        double toGo = (double) (setup.steps - step) / setup.wholeRunSteps;
        double size = setup.update.scale() * (1 + toGo);
        return setup.update.localized() ? size * attending / firstCells.orElseThrow() : size;
    }

    private static int cellsAboveMean(AttentionMaps maps) {
        float[] map = meanOverWords(SmoothedAttention.of(maps), maps.words());
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

    /** The loss of the last pass. */
    OptionalDouble lastLoss() {
        return lastLoss;
    }

    /** Passes made. */
    int passes() {
        return passes;
    }
}
