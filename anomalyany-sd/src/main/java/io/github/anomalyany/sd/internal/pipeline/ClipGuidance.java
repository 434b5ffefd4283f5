// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.djl.ClipModel;
import io.github.anomalyany.djl.ClipVisionTower.PositionResampling;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.SchedulerRun;
import io.github.anomalyany.strategy.StepInfo;
import java.util.OptionalDouble;

/**
 * Moves the latents of one sample so that CLIP sees the described damage in the decoded picture, in the last 30 % of the
 * steps (AnomalyAny 4.3, eq. 10 and 11). Belongs to one thread.
 */
final class ClipGuidance {
    private static final double BEGINS_AT = 0.7;

    /** What one run's passes have in common. */
    record Setup(
            Autoencoder vae,
            ClipModel clip,
            ClipRefinement refinement,
            Tape.Memory memory,
            PreparedRequest request,
            int steps) {}

    private final Setup setup;
    private final RunWatch watch;
    private OptionalDouble lastLoss = OptionalDouble.empty();
    private int passes;

    ClipGuidance(Setup setup, RunWatch watch) {
        this.setup = setup;
        this.watch = watch;
    }

    /** Updates the latents before a denoising step: z ← z − ∇L_img ⊙ m. */
    void steer(SchedulerRun run) {
        if (run.index() < BEGINS_AT * setup.steps) {
            return;
        }
        var info = new StepInfo(run.index(), setup.steps, run.step().timestep(), 0);
        float[] latents = run.sample();
        float[] gradient = watch.pass(() -> gradient(latents, info));
        setup.request.moveInRegion(latents, gradient, 1);
        run.replaceSample(latents);
    }

    private float[] gradient(float[] latents, StepInfo info) {
        var vae = setup.vae;
        var frame = setup.request.frame();
        int side = setup.clip.vision().imageSize();
        try (var decoded =
                vae.decoding(vae.unscaled(latents), frame.latentRows(), frame.latentColumns(), setup.memory)) {
            float[] pixels = decoded.clipPixels(side);
            try (var seen = setup.clip.vision().look(pixels, 1, side, side, PositionResampling.PLAIN, setup.memory)) {
                passes++;
                float[] embedding = seen.embeddings();
                LossAndGradient loss = StrategyResults.checked(
                        "the CLIP refinement " + setup.refinement.description(),
                        setup.refinement.evaluate(embedding, setup.request.description(), info),
                        embedding.length);
                lastLoss = OptionalDouble.of(loss.loss());
                float[] gradient = decoded.clipGradient(seen.gradient(loss.gradient()));
                double factor = 1 / vae.description().scalingFactor();
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= (float) factor;
                }
                return gradient;
            }
        }
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
