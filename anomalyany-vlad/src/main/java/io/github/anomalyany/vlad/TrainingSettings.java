// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Objects;
import java.util.OptionalInt;

/** How adapters are trained (spec §5). Immutable; start from a preset and change what differs. */
public final class TrainingSettings {
    /** How adapters begin. */
    public enum Start {
        /** As PyTorch's linear layer begins: AnomalyGPT's, the paper preset's. */
        RANDOM,
        /** As CLIP's own projection, which already separates a little. */
        CLIP_PROJECTION
    }

    /** Which maps the loss of pixels sees. */
    public enum Supervision {
        /** The mean of the stages' maps: eq. 7 names one map. */
        FUSED,
        /** Each stage's map; the mean of their losses. */
        PER_STAGE
    }

    private final int epochs;
    private final int batchSize;
    private final double learningRate;
    private final double beta1;
    private final double beta2;
    private final double weightDecay;
    private final double gradientNorm;
    private final VladLoss loss;
    private final Supervision supervision;
    private final LabelMode labels;
    private final Start start;
    private final OptionalInt lossSide;
    private final long seed;

    private TrainingSettings(Builder builder) {
        epochs = builder.epochs;
        batchSize = builder.batchSize;
        learningRate = builder.learningRate;
        beta1 = builder.beta1;
        beta2 = builder.beta2;
        weightDecay = builder.weightDecay;
        gradientNorm = builder.gradientNorm;
        loss = builder.loss;
        supervision = builder.supervision;
        labels = builder.labels;
        start = builder.start;
        lossSide = builder.lossSide;
        seed = builder.seed;
    }

    /**
     * The paper's: 200 epochs, batches of 16, Adam at 1e-4 with a cosine that is stepped per epoch, soft labels, the loss at
     * the input's side.
     *
     * @return the settings
     */
    public static TrainingSettings paper() {
        return new Builder().epochs(200).learningRate(1e-4).start(Start.RANDOM).build();
    }

    /**
     * What the library recommends: 10 epochs at 1e-4 from CLIP's own projection, the loss at 64 pixels a side, which is finer
     * than patches are and 64 times cheaper than 512.
     *
     * @return the settings
     */
    public static TrainingSettings sdk() {
        return new Builder().lossSide(64).build();
    }

    /**
     * Starts from {@link #sdk()}, with the loss at the input's side.
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
        var builder = new Builder();
        builder.epochs = epochs;
        builder.batchSize = batchSize;
        builder.learningRate = learningRate;
        builder.beta1 = beta1;
        builder.beta2 = beta2;
        builder.weightDecay = weightDecay;
        builder.gradientNorm = gradientNorm;
        builder.loss = loss;
        builder.supervision = supervision;
        builder.labels = labels;
        builder.start = start;
        builder.lossSide = lossSide;
        builder.seed = seed;
        return builder;
    }

    /**
     * Passes over the anomalies.
     *
     * @return at least 1
     */
    public int epochs() {
        return epochs;
    }

    /**
     * Pictures of one step.
     *
     * @return at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Adam's rate of the first epoch.
     *
     * @return above 0
     */
    public double learningRate() {
        return learningRate;
    }

    /**
     * The rate of an epoch: ½·rate·(1 + cos(π·epoch/epochs)).
     *
     * @param epoch from 0
     * @return the rate
     */
    public double learningRate(int epoch) {
        return 0.5 * learningRate * (1 + Math.cos(Math.PI * epoch / epochs));
    }

    /**
     * Adam's decay of the mean.
     *
     * @return 0.9 unless set
     */
    public double beta1() {
        return beta1;
    }

    /**
     * Adam's decay of the mean of squares.
     *
     * @return 0.999 unless set
     */
    public double beta2() {
        return beta2;
    }

    /**
     * Share of the weights that is added to their gradients.
     *
     * @return 0 unless set
     */
    public double weightDecay() {
        return weightDecay;
    }

    /**
     * Largest norm of all gradients together.
     *
     * @return 0 for no limit
     */
    public double gradientNorm() {
        return gradientNorm;
    }

    /**
     * The loss.
     *
     * @return the paper's unless set
     */
    public VladLoss loss() {
        return loss;
    }

    /**
     * Which maps the loss of pixels sees.
     *
     * @return fused unless set
     */
    public Supervision supervision() {
        return supervision;
    }

    /**
     * How labels are taken.
     *
     * @return soft unless set
     */
    public LabelMode labels() {
        return labels;
    }

    /**
     * How adapters begin.
     *
     * @return random or as CLIP's projection
     */
    public Start start() {
        return start;
    }

    /**
     * Side of the maps that the loss sees.
     *
     * @return pixels; empty for the input's side
     */
    public OptionalInt lossSide() {
        return lossSide;
    }

    /**
     * Seed of the start and of the order of samples.
     *
     * @return any number
     */
    public long seed() {
        return seed;
    }

    /**
     * One line for provenance.
     *
     * @return all settings
     */
    public String description() {
        return "epochs=%d, batchSize=%d, adam(rate=%s, betas=%s/%s, decay=%s), gradientNorm=%s, loss=%s, %s, labels=%s, start=%s, lossSide=%s, seed=%d"
                .formatted(
                        epochs,
                        batchSize,
                        learningRate,
                        beta1,
                        beta2,
                        weightDecay,
                        gradientNorm,
                        loss.description(),
                        supervision,
                        labels.description(),
                        start,
                        lossSide.isPresent() ? String.valueOf(lossSide.getAsInt()) : "input",
                        seed);
    }

    @Override
    public String toString() {
        return "TrainingSettings[" + description() + "]";
    }

    /** Collects settings. Not safe for use by several threads at once. */
    public static final class Builder {
        private int epochs = 10;
        private int batchSize = 16;
        private double learningRate = 1e-4;
        private double beta1 = 0.9;
        private double beta2 = 0.999;
        private double weightDecay;
        private double gradientNorm;
        private VladLoss loss = VladLoss.paper();
        private Supervision supervision = Supervision.FUSED;
        private LabelMode labels = LabelMode.soft();
        private Start start = Start.CLIP_PROJECTION;
        private OptionalInt lossSide = OptionalInt.empty();
        private long seed;

        private Builder() {}

        /**
         * Sets the passes over the anomalies. Default: 10.
         *
         * @param epochs 1 to 100,000
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder epochs(int epochs) {
            this.epochs = Arguments.range("epochs", epochs, 1, 100_000);
            return this;
        }

        /**
         * Sets the pictures of one step. Default: 16.
         *
         * @param size 1 to 1,024
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder batchSize(int size) {
            batchSize = Arguments.range("batchSize", size, 1, 1024);
            return this;
        }

        /**
         * Sets Adam's rate of the first epoch. Default: 1e-4.
         *
         * @param rate above 0 to 1
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder learningRate(double rate) {
            learningRate = Arguments.range("learningRate", rate, Double.MIN_NORMAL, 1);
            return this;
        }

        /**
         * Sets Adam's decays. Default: 0.9 and 0.999.
         *
         * @param beta1 of the mean, 0 to 0.99999
         * @param beta2 of the mean of squares, 0 to 0.99999
         * @return this builder
         * @throws IllegalArgumentException if one is out of range
         */
        public Builder betas(double beta1, double beta2) {
            this.beta1 = Arguments.range("beta1", beta1, 0, 0.99999);
            this.beta2 = Arguments.range("beta2", beta2, 0, 0.99999);
            return this;
        }

        /**
         * Sets the share of the weights that is added to their gradients. Default: 0.
         *
         * @param decay 0 to 1
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder weightDecay(double decay) {
            weightDecay = Arguments.range("weightDecay", decay, 0, 1);
            return this;
        }

        /**
         * Sets the largest norm of all gradients together. Default: no limit; AnomalyGPT uses 1.
         *
         * @param norm above 0, or 0 for no limit
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder gradientNorm(double norm) {
            gradientNorm = Arguments.range("gradientNorm", norm, 0, 1e6);
            return this;
        }

        /**
         * Sets the loss. Default: {@link VladLoss#paper()}.
         *
         * @param loss the loss
         * @return this builder
         */
        public Builder loss(VladLoss loss) {
            this.loss = Objects.requireNonNull(loss, "loss");
            return this;
        }

        /**
         * Sets which maps the loss of pixels sees. Default: the fused one.
         *
         * @param supervision fused or each stage's
         * @return this builder
         */
        public Builder supervision(Supervision supervision) {
            this.supervision = Objects.requireNonNull(supervision, "supervision");
            return this;
        }

        /**
         * Sets how labels are taken. Default: soft.
         *
         * @param labels the mode
         * @return this builder
         */
        public Builder labels(LabelMode labels) {
            this.labels = Objects.requireNonNull(labels, "labels");
            return this;
        }

        /**
         * Sets how adapters begin. Default: as CLIP's projection.
         *
         * @param start random or as CLIP's projection
         * @return this builder
         */
        public Builder start(Start start) {
            this.start = Objects.requireNonNull(start, "start");
            return this;
        }

        /**
         * Sets the side of the maps that the loss sees. Default: the input's side, the paper's. Smaller ones take the mean of
         * the geometry's weights, and train faster.
         *
         * @param side 1 to 4,096 pixels, at most the input's side
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder lossSide(int side) {
            lossSide = OptionalInt.of(Arguments.range("lossSide", side, 1, 4096));
            return this;
        }

        /**
         * Sets the seed of the start and of the order of samples. Default: 0.
         *
         * @param seed any number
         * @return this builder
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Makes the settings.
         *
         * @return settings with everything set so far
         */
        public TrainingSettings build() {
            return new TrainingSettings(this);
        }
    }
}
