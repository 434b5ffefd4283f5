// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.strategy.AttentionLoss;
import io.github.anomalyany.strategy.ClipRefinement;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.Frame;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.NoiseScheduler;
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
     * AnomalyAny with the normal picture's conditioning, attention guidance inside the region and the masked blend: 100
     * steps of which 25 are taken, guidance scale 7.5, DDIM.
     *
     * @return the settings
     */
    public static GenerationSettings defaults() {
        return new Builder().build();
    }

    /**
     * Plain image-to-image with the masked blend and without attention guidance.
     *
     * @return the settings
     */
    public static GenerationSettings imageToImage() {
        return new Builder().withoutAttentionLoss().build();
    }

    /**
     * Starts from the defaults.
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
     * The loss on CLIP's view of the picture in the last 30 % of the steps.
     *
     * @return default empty: none
     */
    public Optional<ClipRefinement> clipRefinement() {
        return Optional.ofNullable(values.clipRefinement);
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
        all.put("latentUpdate", latentUpdate().toString());
        all.put(
                "clipRefinement",
                clipRefinement().map(ClipRefinement::description).orElse("none"));
        all.put("frame", frame().description());
        all.put("noise", noise().description());
        all.put("feather", feather());
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
        private @Nullable ClipRefinement clipRefinement;
        private Frame frame = Frame.fit();
        private NoiseSource noise = NoiseSource.philox();
        private int feather = 4;

        private Builder() {}

        private Builder copy() {
            var copy = new Builder();
            copy.steps = steps;
            copy.guidanceScale = guidanceScale;
            copy.scheduler = scheduler;
            copy.conditioning = conditioning;
            copy.attentionLoss = attentionLoss;
            copy.latentUpdate = latentUpdate;
            copy.clipRefinement = clipRefinement;
            copy.frame = frame;
            copy.noise = noise;
            copy.feather = feather;
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
