// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.NoiseScheduler;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementDecoder;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.RegionSampling;
import io.github.anomalyany.strategy.ReleasedGuidance;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to generate: the numbers and the strategies of a run. Immutable; safe to share between threads. */
public final class GenerationSettings {
    /** Fewest and most denoising steps. */
    private static final int MAX_STEPS = 1000;

    private static final double MAX_GUIDANCE_SCALE = 100;
    private static final int MAX_FEATHER = 256;

    private final Builder values;

    private GenerationSettings(Builder builder) {
        this.values = builder.copy();
    }

    /**
     * AnomalyAny as its paper has it, the default: 100 steps of which 25 are taken, guidance scale 7.5, DDIM; attention guidance
     * inside the region with the localisation-aware step, threshold refinement and early stop; prompt-guided refinement in the
     * last 30 % of the steps. Needs a CLIP model.
     *
     * @return the settings
     */
    public static GenerationSettings anomalyAny() {
        return new Builder().build();
    }

    /**
     * CUT as its paper has it: 200 steps of which 50 are taken, otherwise {@link #anomalyAny()} without refinement. Needs no
     * CLIP model.
     *
     * @return the settings
     */
    public static GenerationSettings cut() {
        return new Builder().steps(200).withoutClipRefinement().build();
    }

    /**
     * What the released AnomalyAny code does, step by step, which differs from the paper: {@link ReleasedGuidance}, 200 steps
     * of which 61 are taken, guidance scale 12.5, PNDM, {@link Conditioning#released}, the picture stretched to a square. For
     * comparison; slow, and it confines nothing to the region but the final picture. Needs a CLIP model.
     *
     * @return the settings
     */
    public static GenerationSettings reference() {
        return new Builder()
                .steps(200)
                .guidanceScale(12.5)
                .scheduler(NoiseScheduler.pndm())
                .conditioning(Conditioning.released(0.3))
                .attentionLoss(AttentionLoss.maxPerWordAnywhere())
                .releasedGuidance(ReleasedGuidance.standard())
                .frame(Frame.stretch())
                .regionSampling(RegionSampling.NEAREST)
                .build();
    }

    /**
     * The quickest that still guides: 50 steps of which 15 are taken, DPM-Solver++, guidance at every second step with at most
     * two updates, refinement at the last guided step, by the small decoder where there is one. Needs a CLIP model.
     *
     * @return the settings
     */
    public static GenerationSettings fast() {
        var standard = LatentUpdate.standard();
        return new Builder()
                .steps(50)
                .strength(0.3)
                .scheduler(NoiseScheduler.dpmSolver())
                .guidanceInterval(2)
                .latentUpdate(new LatentUpdate(
                        standard.scale(), true, standard.thresholds(), 2, standard.leastMove(), standard.stopsEarly()))
                .promptRefinement(new PromptRefinement(
                        0.15, RefinementTarget.LATENT, RefinementDecoder.AUTOENCODER_TINY_IF_PRESENT, true))
                .build();
    }

    /**
     * Plain image-to-image with the masked blend: no attention guidance, no refinement. Needs no CLIP model.
     *
     * @return the settings
     */
    public static GenerationSettings imageToImage() {
        return new Builder().withoutAttentionLoss().withoutClipRefinement().build();
    }

    /**
     * Starts from {@link #anomalyAny()}.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Starts from these settings.
     *
     * @return a builder
     */
    public Builder toBuilder() {
        return values.copy();
    }

    /**
     * Denoising steps of a whole run, of which conditioning takes a part.
     *
     * @return 1 to 1000, default 100
     */
    public int steps() {
        return values.steps;
    }

    /**
     * Weight g of classifier-free guidance: ε = ε_u + g(ε_c − ε_u).
     *
     * @return 1 to 100, default 7.5; 1 is the conditional prediction alone
     */
    public double guidanceScale() {
        return values.guidanceScale;
    }

    /**
     * The scheduler.
     *
     * @return default DDIM
     */
    public NoiseScheduler scheduler() {
        return values.scheduler;
    }

    /**
     * How the normal picture conditions a run.
     *
     * @return default {@code strength(0.25)}
     */
    public Conditioning conditioning() {
        return values.conditioning;
    }

    /**
     * The loss that steers attention.
     *
     * @return default {@link AttentionLoss#maxPerWord()}; empty for none
     */
    public Optional<AttentionLoss> attentionLoss() {
        return Optional.ofNullable(values.attentionLoss);
    }

    /**
     * How far the attention loss moves the latents.
     *
     * @return default {@link LatentUpdate#standard()}
     */
    public LatentUpdate latentUpdate() {
        return values.latentUpdate;
    }

    /**
     * At which steps guidance acts: every step whose index is a multiple of this.
     *
     * @return 1 to 1000, default 1: every step
     */
    public int guidanceInterval() {
        return values.guidanceInterval;
    }

    /**
     * The released code's procedure in the place of {@link #latentUpdate()} and {@link #promptRefinement()}.
     *
     * @return default empty: the papers' procedure
     */
    public Optional<ReleasedGuidance> releasedGuidance() {
        return Optional.ofNullable(values.releasedGuidance);
    }

    /**
     * The loss on CLIP's view of the picture in the last steps.
     *
     * @return default {@link ClipRefinement#cosine()}; empty for no refinement
     */
    public Optional<ClipRefinement> clipRefinement() {
        return Optional.ofNullable(values.clipRefinement);
    }

    /**
     * When prompt-guided refinement happens and what it moves.
     *
     * @return default {@link PromptRefinement#standard()}
     */
    public PromptRefinement promptRefinement() {
        return values.promptRefinement;
    }

    /**
     * Which part of the picture the model sees.
     *
     * @return default {@link Frame#fit()}
     */
    public Frame frame() {
        return values.frame;
    }

    /**
     * Where random numbers come from.
     *
     * @return default {@link NoiseSource#philox()}
     */
    public NoiseSource noise() {
        return values.noise;
    }

    /**
     * Width of the soft edge of the region, outside it, where the generated picture fades into the normal one.
     *
     * @return pixels of the normal picture, 0 to 256, default 4
     */
    public int feather() {
        return values.feather;
    }

    /**
     * Which cells of the latents belong to a region.
     *
     * @return default {@link RegionSampling#TOUCHED}
     */
    public RegionSampling regionSampling() {
        return values.regionSampling;
    }

    /**
     * What a picture must be to be accepted.
     *
     * @return default {@link Acceptance#standard()}
     */
    public Acceptance acceptance() {
        return values.acceptance;
    }

    /**
     * All values by name, for provenance and for reading.
     *
     * @return an unmodifiable map in reading order
     */
    public Map<String, Object> describe() {
        var all = new LinkedHashMap<String, Object>();
        all.put("steps", steps());
        all.put("guidanceScale", guidanceScale());
        all.put("scheduler", scheduler().description());
        all.put("conditioning", conditioning().description());
        all.put("attentionLoss", attentionLoss().map(AttentionLoss::description).orElse("none"));
        all.put("guidanceInterval", guidanceInterval());
        if (releasedGuidance().isPresent()) {
            all.put("releasedGuidance", releasedGuidance().orElseThrow().toString());
        } else {
            all.put("latentUpdate", latentUpdate().toString());
        }
        all.put(
                "clipRefinement",
                clipRefinement().map(ClipRefinement::description).orElse("none"));
        if (clipRefinement().isPresent() && releasedGuidance().isEmpty()) {
            all.put("promptRefinement", promptRefinement().toString());
        }
        all.put("frame", frame().description());
        all.put("noise", noise().description());
        all.put("feather", feather());
        all.put("regionSampling", regionSampling().toString());
        all.put("acceptance", acceptance().toString());
        return java.util.Collections.unmodifiableMap(all);
    }

    /** The values, as {@link #describe()} gives them. */
    @Override
    public String toString() {
        return describe().toString();
    }

    /** Collects values. Not safe for use by several threads at once. */
    public static final class Builder {
        private int steps = 100;
        private double guidanceScale = 7.5;
        private NoiseScheduler scheduler = NoiseScheduler.ddim();
        private Conditioning conditioning = Conditioning.strength(0.25);
        private @Nullable AttentionLoss attentionLoss = AttentionLoss.maxPerWord();
        private LatentUpdate latentUpdate = LatentUpdate.standard();
        private int guidanceInterval = 1;
        private @Nullable ReleasedGuidance releasedGuidance;
        private @Nullable ClipRefinement clipRefinement = ClipRefinement.cosine();
        private PromptRefinement promptRefinement = PromptRefinement.standard();
        private Frame frame = Frame.fit();
        private NoiseSource noise = NoiseSource.philox();
        private int feather = 4;
        private RegionSampling regionSampling = RegionSampling.TOUCHED;
        private Acceptance acceptance = Acceptance.standard();

        private Builder() {}

        private Builder copy() {
            var copy = new Builder();
            copy.steps = steps;
            copy.guidanceScale = guidanceScale;
            copy.scheduler = scheduler;
            copy.conditioning = conditioning;
            copy.attentionLoss = attentionLoss;
            copy.latentUpdate = latentUpdate;
            copy.guidanceInterval = guidanceInterval;
            copy.releasedGuidance = releasedGuidance;
            copy.clipRefinement = clipRefinement;
            copy.promptRefinement = promptRefinement;
            copy.frame = frame;
            copy.noise = noise;
            copy.feather = feather;
            copy.regionSampling = regionSampling;
            copy.acceptance = acceptance;
            return copy;
        }

        /**
         * Sets the denoising steps of a whole run.
         *
         * @param steps 1 to 1000
         * @return this builder
         */
        public Builder steps(int steps) {
            this.steps = steps;
            return this;
        }

        /**
         * Sets the weight of classifier-free guidance.
         *
         * @param guidanceScale 1 to 100
         * @return this builder
         */
        public Builder guidanceScale(double guidanceScale) {
            this.guidanceScale = guidanceScale;
            return this;
        }

        /**
         * Sets the scheduler.
         *
         * @param scheduler ours or one of your own
         * @return this builder
         */
        public Builder scheduler(NoiseScheduler scheduler) {
            this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
            return this;
        }

        /**
         * Sets how the normal picture conditions a run.
         *
         * @param conditioning ours or one of your own
         * @return this builder
         */
        public Builder conditioning(Conditioning conditioning) {
            this.conditioning = Objects.requireNonNull(conditioning, "conditioning");
            return this;
        }

        /**
         * Short for {@code conditioning(Conditioning.strength(gamma))}.
         *
         * @param gamma share of the steps that are taken, in (0, 1]
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder strength(double gamma) {
            return conditioning(Conditioning.strength(gamma));
        }

        /**
         * Short for {@code conditioning(Conditioning.noiseLevel(sigma))}.
         *
         * @param sigma share of noise in the latents at the start, in (0, 1]
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder noiseLevel(double sigma) {
            return conditioning(Conditioning.noiseLevel(sigma));
        }

        /**
         * Sets the loss that steers attention.
         *
         * @param attentionLoss ours or one of your own
         * @return this builder
         */
        public Builder attentionLoss(AttentionLoss attentionLoss) {
            this.attentionLoss = Objects.requireNonNull(attentionLoss, "attentionLoss");
            return this;
        }

        /**
         * Turns attention guidance off.
         *
         * @return this builder
         */
        public Builder withoutAttentionLoss() {
            this.attentionLoss = null;
            return this;
        }

        /**
         * Sets how far the attention loss moves the latents.
         *
         * @param latentUpdate the step sizes
         * @return this builder
         */
        public Builder latentUpdate(LatentUpdate latentUpdate) {
            this.latentUpdate = Objects.requireNonNull(latentUpdate, "latentUpdate");
            return this;
        }

        /**
         * Sets at which steps guidance acts.
         *
         * @param guidanceInterval 1 to 1000; 2 for every second step
         * @return this builder
         */
        public Builder guidanceInterval(int guidanceInterval) {
            this.guidanceInterval = guidanceInterval;
            return this;
        }

        /**
         * Follows the released code's procedure in the place of the papers'.
         *
         * @param releasedGuidance its numbers
         * @return this builder
         */
        public Builder releasedGuidance(ReleasedGuidance releasedGuidance) {
            this.releasedGuidance = Objects.requireNonNull(releasedGuidance, "releasedGuidance");
            return this;
        }

        /**
         * Sets the loss on CLIP's view of the picture. Needs a CLIP model.
         *
         * @param clipRefinement ours or one of your own
         * @return this builder
         */
        public Builder clipRefinement(ClipRefinement clipRefinement) {
            this.clipRefinement = Objects.requireNonNull(clipRefinement, "clipRefinement");
            return this;
        }

        /**
         * Turns prompt-guided refinement off.
         *
         * @return this builder
         */
        public Builder withoutClipRefinement() {
            this.clipRefinement = null;
            return this;
        }

        /**
         * Sets when prompt-guided refinement happens and what it moves.
         *
         * @param promptRefinement share of the steps, target, decoder
         * @return this builder
         */
        public Builder promptRefinement(PromptRefinement promptRefinement) {
            this.promptRefinement = Objects.requireNonNull(promptRefinement, "promptRefinement");
            return this;
        }

        /**
         * Sets which part of the picture the model sees.
         *
         * @param frame ours or one of your own
         * @return this builder
         */
        public Builder frame(Frame frame) {
            this.frame = Objects.requireNonNull(frame, "frame");
            return this;
        }

        /**
         * Sets where random numbers come from.
         *
         * @param noise ours or one of your own
         * @return this builder
         */
        public Builder noise(NoiseSource noise) {
            this.noise = Objects.requireNonNull(noise, "noise");
            return this;
        }

        /**
         * Sets the width of the region's soft edge.
         *
         * @param feather pixels of the normal picture, 0 to 256
         * @return this builder
         */
        public Builder feather(int feather) {
            this.feather = feather;
            return this;
        }

        /**
         * Sets which cells of the latents belong to a region.
         *
         * @param regionSampling how
         * @return this builder
         */
        public Builder regionSampling(RegionSampling regionSampling) {
            this.regionSampling = Objects.requireNonNull(regionSampling, "regionSampling");
            return this;
        }

        /**
         * Sets what a picture must be to be accepted.
         *
         * @param acceptance the limits
         * @return this builder
         */
        public Builder acceptance(Acceptance acceptance) {
            this.acceptance = Objects.requireNonNull(acceptance, "acceptance");
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return immutable settings
         * @throws IllegalArgumentException if values are out of range; the message names all of them
         */
        public GenerationSettings build() {
            var problems = new ArrayList<String>();
            if (steps < 1 || steps > MAX_STEPS) {
                problems.add("steps must be in [1, %d] but was %d".formatted(MAX_STEPS, steps));
            }
            if (!(guidanceScale >= 1 && guidanceScale <= MAX_GUIDANCE_SCALE)) {
                problems.add(
                        "guidanceScale must be in [1, %s] but was %s".formatted(MAX_GUIDANCE_SCALE, guidanceScale));
            }
            if (guidanceInterval < 1 || guidanceInterval > MAX_STEPS) {
                problems.add("guidanceInterval must be in [1, %d] but was %d".formatted(MAX_STEPS, guidanceInterval));
            }
            if (releasedGuidance != null && (attentionLoss == null || clipRefinement == null)) {
                problems.add("releasedGuidance needs an attentionLoss and a clipRefinement");
            }
            if (feather < 0 || feather > MAX_FEATHER) {
                problems.add("feather must be in [0, %d] but was %d".formatted(MAX_FEATHER, feather));
            }
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return new GenerationSettings(this);
        }
    }
}
