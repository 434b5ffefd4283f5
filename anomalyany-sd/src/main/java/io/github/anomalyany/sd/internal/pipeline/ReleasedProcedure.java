// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Attended;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Loss;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.AttentionMaps;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.LossAndGradient;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.ReleasedGuidance;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;

/**
 * What the released AnomalyAny code does before each denoising step, reproduced from recorded runs; see
 * {@link ReleasedGuidance} for the procedure and {@code docs/paper-map.md} for how it differs from the paper.
 */
final class ReleasedProcedure implements Guidance {
    private static final double IMAGE_LOSS_AFTER = 0.7;
    private static final double FIRST_STEP_SIZE = 0.02;
    private static final double STEP_SIZE_DECAY = 1e-4;
    private static final double LEAST_STEP_SIZE = 1e-4;
    private static final int LARGE_UPDATES = 5;
    private static final double LARGE_UPDATE_SHARE = 0.1;
    private static final int CONCENTRATED_ABOVE = 10;
    private static final int CONCENTRATED_BELOW = 50;

    /** What the samples of a request have in common. {@code loopSteps} is ⌊T·γ⌋. */
    record Plan(ReleasedGuidance numbers, AttentionLoss attention, ClipRefinement image, int loopSteps) {}

    /** Sees every pass, so that a run can be compared with a recorded one. */
    interface Observer {
        /** One inner pass: its losses, gradients, the attention that it read, and how many cells of the last map attend. */
        void pass(StepInfo info, Losses losses, Loss gradients, SmoothedAttention attention, int cells);

        /** A large update. */
        void largeUpdate(Attended attended);
    }

    /** The parts of the loss and their sums: {@code total} moves the latents, {@code total + prompt} the embeddings. */
    record Losses(double attention, double image, double total, double prompt) {}

    static final Observer NOBODY = new Observer() {
        @Override
        public void pass(StepInfo info, Losses losses, Loss gradients, SmoothedAttention attention, int cells) {}

        @Override
        public void largeUpdate(Attended attended) {}
    };

    private final Plan plan;
    private final PreparedRequest request;
    private final GuidanceLosses losses;
    private final Observer observer;
    private final Tally tally = new Tally();
    private boolean concentrated;

    ReleasedProcedure(Plan plan, PreparedRequest request, GuidanceLosses losses, Observer observer) {
        this.plan = plan;
        this.request = request;
        this.losses = losses;
        this.observer = observer;
    }

    @Override
    public void steer(Sample sample) {
        int step = sample.run().index();
        // the attention of the guided pass serves only the count of the first step's first pass
        int cells = step == 0 ? attendingCells(losses.guidedAttention(sample, info(sample, 0))) : -1;
        double loss = 0;
        for (int pass = 0; pass < plan.numbers.passes(); pass++) {
            concentrated |= cells > CONCENTRATED_ABOVE && cells < CONCENTRATED_BELOW;
            Attended attended = pass(sample, info(sample, pass), cells);
            cells = attendingCells(attended.smoothed());
            loss = attended.loss().value();
        }
        if (step == 0 && !concentrated && loss > 1 - plan.numbers.threshold()) {
            makeLargeUpdates(sample);
        }
    }

    @Override
    public Tally tally() {
        return tally;
    }

    private StepInfo info(Sample sample, int pass) {
        var run = sample.run();
        return new StepInfo(run.index(), run.steps(), run.step().timestep(), pass);
    }

    /** One inner pass: both gradients at one point, then z ← z − 2s·∇L and τ ← τ − s·∇(L + L_prompt). */
    private Attended pass(Sample sample, StepInfo info, int cells) {
        var numbers = plan.numbers;
        double attentionWeight = numbers.attentionWeight() * info.step() / plan.loopSteps;
        Attended attended = attend(sample, info, attentionWeight > 0);
        Loss total = weighted(attended.loss(), attentionWeight);
        double image = 0;
        if (info.step() > IMAGE_LOSS_AFTER * plan.loopSteps) {
            Loss seen = losses.image(sample, info, plan.image, RefinementTarget.LATENT);
            tally.image(seen.value());
            image = seen.value();
            total = sum(total, weighted(seen, numbers.imageWeight()));
        }
        LossAndGradient prompt = PromptLoss.overPositions(
                sample.text(), request.descriptionText(), request.positions(), request.textWidth());
        double size = Math.max(LEAST_STEP_SIZE, FIRST_STEP_SIZE - STEP_SIZE_DECAY * info.step());
        moveLatents(sample, total.latents(), 2 * size);
        float[] textGradient = movePrompts(sample, total.text(), prompt.gradient(), size);
        observer.pass(
                info,
                new Losses(attended.loss().value(), image, total.value(), prompt.loss()),
                new Loss(total.value(), total.latents(), textGradient),
                attended.smoothed(),
                cells);
        return attended;
    }

    private Attended attend(Sample sample, StepInfo info, boolean takesGradient) {
        Attended attended = losses.attention(sample, info, plan.attention, smoothed -> takesGradient);
        tally.attention(attended.loss().value());
        return attended;
    }

    private static Loss weighted(Loss loss, double weight) {
        return new Loss(
                weight * loss.value(),
                GuidanceLosses.scaled(loss.latents(), weight),
                GuidanceLosses.scaled(loss.text(), weight));
    }

    private static Loss sum(Loss a, Loss b) {
        return new Loss(a.value() + b.value(), sum(a.latents(), b.latents()), sum(a.text(), b.text()));
    }

    private static float[] sum(float[] a, float[] b) {
        var sum = new float[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    /** Everywhere: this procedure knows no region. */
    private static void moveLatents(Sample sample, float[] gradient, double size) {
        float[] latents = sample.run().sample();
        for (int i = 0; i < latents.length; i++) {
            latents[i] -= (float) (size * gradient[i]);
        }
        sample.run().replaceSample(latents);
    }

    /** Moves both prompts; returns the gradient with respect to the conditional one. */
    private static float[] movePrompts(Sample sample, float[] loss, float[] prompt, double size) {
        float[] text = sample.text().clone();
        int half = text.length / 2;
        var conditional = new float[half];
        for (int i = 0; i < text.length; i++) {
            float gradient = prompt[i] + (i < half ? 0 : loss[i - half]);
            text[i] -= (float) (size * gradient);
            if (i >= half) {
                conditional[i - half] = gradient;
            }
        }
        sample.replaceText(text);
        return conditional;
    }

    /** Five updates of λ·√(r/10) and one of λ·√r along the attention loss alone. */
    private void makeLargeUpdates(Sample sample) {
        var numbers = plan.numbers;
        for (int i = 0; i <= LARGE_UPDATES; i++) {
            double range = i < LARGE_UPDATES ? LARGE_UPDATE_SHARE * numbers.scale() : numbers.scale();
            Attended attended = attend(sample, info(sample, numbers.passes() + i), true);
            observer.largeUpdate(attended);
            moveLatents(sample, attended.loss().latents(), numbers.scaleFactor() * Math.sqrt(range));
        }
    }

    /** Cells at or above the mean of the first word's map, divided by its maximum. */
    private int attendingCells(SmoothedAttention smoothed) {
        AttentionMaps.Word word = request.words().get(0);
        float[] map = smoothed.map(word);
        float largest = 0;
        for (float value : map) {
            largest = Math.max(largest, value);
        }
        float sum = 0;
        for (int i = 0; i < map.length; i++) {
            map[i] /= largest;
            sum += map[i];
        }
        int count = 0;
        for (float value : map) {
            count += value >= sum / map.length ? 1 : 0;
        }
        return count;
    }
}
