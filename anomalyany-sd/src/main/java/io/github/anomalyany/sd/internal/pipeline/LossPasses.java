// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.GenerationException;
import io.github.anomalyany.djl.ClipModel;
import io.github.anomalyany.djl.ClipVisionTower.PositionResampling;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.sd.internal.unet.UnetPass;
import io.github.anomalyany.sd.internal.vae.Autoencoder;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import java.util.Optional;
import java.util.function.Predicate;

/** The losses of guidance as the networks give them. Belongs to one thread. */
final class LossPasses implements GuidanceLosses {
    /** The networks that losses need. */
    record Networks(
            Unet unet, NoiseSchedule schedule, Autoencoder decoder, Optional<ClipModel> clip, Tape.Memory memory) {}

    private final Networks networks;
    private final PreparedRequest request;
    private final RunWatch watch;

    LossPasses(Networks networks, PreparedRequest request, RunWatch watch) {
        this.networks = networks;
        this.request = request;
        this.watch = watch;
    }

    /** In one conditional pass that ends at the last tapped attention, and one backward pass. */
    @Override
    public Attended attention(
            Sample sample, StepInfo info, AttentionLoss loss, Predicate<SmoothedAttention> takesGradient) {
        UnetInput input = input(sample, info);
        double scale = sample.run().step().inputScale();
        return watch.pass(() -> {
            try (var pass = networks.unet.attend(input, networks.memory)) {
                AttentionMaps maps = request.maps(pass.attention(0), sample.region());
                var smoothed = SmoothedAttention.of(maps);
                var value = StrategyResults.checked(
                        "the attention loss " + loss.description(), loss.evaluate(maps, info), maps.values().length);
                if (!takesGradient.test(smoothed)) {
                    return new Attended(without(value, input), maps, smoothed);
                }
                var gradients = pass.attentionGradients(value.gradient());
                var both = new Loss(value.loss(), GuidanceLosses.scaled(gradients.latents(), scale), gradients.text());
                return new Attended(both, maps, smoothed);
            }
        });
    }

    private static Loss without(LossAndGradient value, UnetInput input) {
        return new Loss(value.loss(), new float[input.latents().length], new float[input.text().length]);
    }

    @Override
    public SmoothedAttention guidedAttention(Sample sample, StepInfo info) {
        UnetInput one = input(sample, info);
        int length = one.latents().length;
        var latents = new float[2 * length];
        System.arraycopy(one.latents(), 0, latents, 0, length);
        System.arraycopy(one.latents(), 0, latents, length, length);
        float t = (float) info.timestep();
        var input = new UnetInput(one.height(), one.width(), new float[] {t, t}, latents, sample.text());
        return watch.pass(() -> {
            try (var pass = networks.unet.attend(input, Tape.Memory.INFERENCE)) {
                float[] mean = pass.attention(0);
                float[] conditional = pass.attention(1);
                for (int i = 0; i < mean.length; i++) {
                    mean[i] = (mean[i] + conditional[i]) / 2;
                }
                return SmoothedAttention.of(request.maps(mean, sample.region()));
            }
        });
    }

    private UnetInput input(Sample sample, StepInfo info) {
        return new UnetInput(
                request.frame().latentRows(),
                request.frame().latentColumns(),
                new float[] {(float) info.timestep()},
                sample.run().modelInput(),
                sample.conditionalText());
    }

    @Override
    public Loss image(Sample sample, StepInfo info, ClipRefinement refinement, RefinementTarget target) {
        Loss loss = target == RefinementTarget.LATENT
                ? watch.pass(() -> imageOfLatents(sample, info, refinement))
                : watch.pass(() -> imageOfPrediction(sample, info, refinement));
        return new Loss(
                loss.value(),
                GuidanceLosses.scaled(loss.latents(), sample.run().step().inputScale()),
                loss.text());
    }

    private Loss imageOfLatents(Sample sample, StepInfo info, ClipRefinement refinement) {
        LossAndGradient loss = decoded(sample.run().modelInput(), info, refinement);
        return new Loss(loss.loss(), loss.gradient(), new float[sample.text().length / 2]);
    }

    /** ẑ₀ = a·z + b·ε_θ(z, τ), so that ∇_z = a·g + b·J_zᵀg and ∇_τ = b·J_τᵀg for g = ∇_ẑ₀. */
    private Loss imageOfPrediction(Sample sample, StepInfo info, ClipRefinement refinement) {
        UnetInput input = input(sample, info);
        double alpha = networks.schedule.alphaCumulative((int) Math.rint(info.timestep()));
        boolean epsilon = networks.schedule.prediction() == Prediction.EPSILON;
        double a = epsilon ? 1 / Math.sqrt(alpha) : Math.sqrt(alpha);
        double b = epsilon ? -Math.sqrt((1 - alpha) / alpha) : -Math.sqrt(1 - alpha);
        try (var pass = networks.unet.predicting(input, networks.memory)) {
            float[] clean = combined(a, input.latents(), b, pass.prediction());
            LossAndGradient loss = decoded(clean, info, refinement);
            UnetPass.Gradients through = pass.predictionGradients(GuidanceLosses.scaled(loss.gradient(), b));
            return new Loss(loss.loss(), combined(a, loss.gradient(), 1, through.latents()), through.text());
        }
    }

    /** The loss on decoded latents and its gradient with respect to them. */
    private LossAndGradient decoded(float[] latents, StepInfo info, ClipRefinement refinement) {
        var vae = networks.decoder;
        var frame = request.frame();
        ClipModel clip = networks.clip.orElseThrow(() -> new GenerationException("there is no CLIP model"));
        int side = clip.vision().imageSize();
        try (var picture =
                vae.decoding(vae.unscaled(latents), frame.latentRows(), frame.latentColumns(), networks.memory)) {
            float[] pixels = picture.clipPixels(side);
            try (var seen = clip.vision().look(pixels, 1, side, side, PositionResampling.PLAIN, networks.memory)) {
                float[] embedding = seen.embeddings();
                LossAndGradient loss = StrategyResults.checked(
                        "the CLIP refinement " + refinement.description(),
                        refinement.evaluate(embedding, request.descriptionClip(), info),
                        embedding.length);
                float[] gradient = seen.gradient(loss.gradient());
                float[] toLatents = picture.clipGradient(gradient);
                return new LossAndGradient(
                        loss.loss(),
                        GuidanceLosses.scaled(toLatents, 1 / vae.description().scalingFactor()));
            }
        }
    }

    private static float[] combined(double a, float[] x, double b, float[] y) {
        var sum = new float[x.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = (float) (a * x[i] + b * y[i]);
        }
        return sum;
    }
}
