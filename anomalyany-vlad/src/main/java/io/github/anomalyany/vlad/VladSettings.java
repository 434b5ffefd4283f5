// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a detector looks at pictures (spec §11). Immutable; start from a preset and change what differs.
 */
public final class VladSettings {
    /** How the stages' maps become one. */
    public enum Reduction {
        /** Their sum: the paper's eq. 8 and 9. */
        SUM,
        /** Their mean. */
        MEAN
    }

    /** What a bank holds. */
    public enum BankTokens {
        /** Adapted tokens: the paper's. */
        ADAPTED,
        /** Tokens as the backbone gives them. */
        RAW,
        /** Adapted ones of a trained adapter, raw ones otherwise. */
        ADAPTED_IF_TRAINED
    }

    private final OptionalInt inputSide;
    private final PromptEnsemble prompts;
    private final OptionalDouble imageLogitScale;
    private final OptionalDouble pixelLogitScale;
    private final Reduction reduction;
    private final MapGeometry geometry;
    private final double blur;
    private final Fusion fusion;
    private final BankTokens bankTokens;
    private final boolean halfPrecisionBank;
    private final BankSelection bankSelection;
    private final int rotations;
    private final Optional<Tiling> tiling;
    private final int batchSize;
    private final long seed;

    private VladSettings(Builder builder) {
        inputSide = builder.inputSide;
        prompts = builder.prompts;
        imageLogitScale = builder.imageLogitScale;
        pixelLogitScale = builder.pixelLogitScale;
        reduction = builder.reduction;
        geometry = builder.geometry;
        blur = builder.blur;
        fusion = builder.fusion;
        bankTokens = builder.bankTokens;
        halfPrecisionBank = builder.halfPrecisionBank;
        bankSelection = builder.bankSelection;
        rotations = builder.rotations;
        tiling = builder.tiling;
        batchSize = builder.batchSize;
        seed = builder.seed;
    }

    /**
     * The paper's detector, with the specification's answers where the paper is silent: 512 pixels, sums, aligned corners,
     * adapted tokens in single precision.
     *
     * @return the settings
     */
    public static VladSettings paper() {
        return new Builder()
                .imageLogitScale(100)
                .pixelLogitScale(100)
                .inputSide(512)
                .geometry(MapGeometry.alignCorners())
                .bankTokens(BankTokens.ADAPTED)
                .halfPrecisionBank(false)
                .build();
    }

    /**
     * What the library recommends: the backbone's recommended side, every patch where it was seen, banks in half precision.
     *
     * @return the settings
     */
    public static VladSettings sdk() {
        return new Builder().build();
    }

    /**
     * What fits the built-in CLIP: as {@link #sdk()}, but the mean of the stages and a fiftieth of the distance from references,
     * since its tokens tell damage better than likeness.
     *
     * @return the settings
     */
    public static VladSettings builtIn() {
        return new Builder()
                .reduction(Reduction.MEAN)
                .fusion(Fusion.weighted(1, 0.02))
                .build();
    }

    /**
     * Starts from {@link #sdk()}.
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
        builder.inputSide = inputSide;
        builder.prompts = prompts;
        builder.imageLogitScale = imageLogitScale;
        builder.pixelLogitScale = pixelLogitScale;
        builder.reduction = reduction;
        builder.geometry = geometry;
        builder.blur = blur;
        builder.fusion = fusion;
        builder.bankTokens = bankTokens;
        builder.halfPrecisionBank = halfPrecisionBank;
        builder.bankSelection = bankSelection;
        builder.rotations = rotations;
        builder.tiling = tiling;
        builder.batchSize = batchSize;
        builder.seed = seed;
        return builder;
    }

    /**
     * Side that pictures are resized to.
     *
     * @return pixels; empty for what the backbone recommends
     */
    public OptionalInt inputSide() {
        return inputSide;
    }

    /**
     * The sentences.
     *
     * @return the ensemble
     */
    public PromptEnsemble prompts() {
        return prompts;
    }

    /**
     * Factor of cosines of pictures.
     *
     * @return above 0; empty for the backbone's own
     */
    public OptionalDouble imageLogitScale() {
        return imageLogitScale;
    }

    /**
     * Factor of cosines of patches.
     *
     * @return above 0; empty for the backbone's own
     */
    public OptionalDouble pixelLogitScale() {
        return pixelLogitScale;
    }

    /**
     * How the stages' maps become one.
     *
     * @return sum or mean
     */
    public Reduction reduction() {
        return reduction;
    }

    /**
     * How scores of patches become scores of pixels.
     *
     * @return the geometry
     */
    public MapGeometry geometry() {
        return geometry;
    }

    /**
     * Gaussian blur of the map at the input's size.
     *
     * @return standard deviation in pixels; 0 for none
     */
    public double blur() {
        return blur;
    }

    /**
     * How the branches become one.
     *
     * @return the fusion
     */
    public Fusion fusion() {
        return fusion;
    }

    /**
     * What a bank holds.
     *
     * @return the kind of tokens
     */
    public BankTokens bankTokens() {
        return bankTokens;
    }

    /**
     * Whether banks are kept in half precision.
     *
     * @return true if so
     */
    public boolean halfPrecisionBank() {
        return halfPrecisionBank;
    }

    /**
     * Which tokens a bank keeps.
     *
     * @return the selection
     */
    public BankSelection bankSelection() {
        return bankSelection;
    }

    /**
     * In how many quarter turns a reference goes into a bank.
     *
     * @return 1 or 4
     */
    public int rotations() {
        return rotations;
    }

    /**
     * How large pictures are cut.
     *
     * @return the tiling; empty for none
     */
    public Optional<Tiling> tiling() {
        return tiling;
    }

    /**
     * Pictures that go through the backbone together.
     *
     * @return at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Seed of random choices.
     *
     * @return any number
     */
    public long seed() {
        return seed;
    }

    /**
     * One line for provenance.
     *
     * @return all settings that change scores
     */
    public String description() {
        return "prompts=%s(%s), logitScales=%s/%s, %s, %s, blur=%s, fusion=%s, tiling=%s"
                .formatted(
                        prompts.id(),
                        prompts.fingerprint(),
                        shown(imageLogitScale),
                        shown(pixelLogitScale),
                        reduction,
                        geometry.description(),
                        blur,
                        fusion.description(),
                        tiling.map(Tiling::toString).orElse("none"));
    }

    private static String shown(OptionalDouble scale) {
        return scale.isPresent() ? String.valueOf(scale.getAsDouble()) : "own";
    }

    @Override
    public String toString() {
        return "VladSettings[inputSide=%s, %s, bankTokens=%s, halfPrecisionBank=%s, bankSelection=%s, rotations=%d, batchSize=%d, seed=%d]"
                .formatted(
                        inputSide.isPresent() ? String.valueOf(inputSide.getAsInt()) : "of the backbone",
                        description(),
                        bankTokens,
                        halfPrecisionBank,
                        bankSelection.description(),
                        rotations,
                        batchSize,
                        seed);
    }

    /** Collects settings. Not safe for use by several threads at once. */
    public static final class Builder {
        private static final double MOST_SCALE = 10_000;
        private static final int BANK_TOKENS = 65_536;

        private OptionalInt inputSide = OptionalInt.empty();
        private PromptEnsemble prompts = PromptEnsemble.anomalyGpt();
        private OptionalDouble imageLogitScale = OptionalDouble.empty();
        private OptionalDouble pixelLogitScale = OptionalDouble.empty();
        private Reduction reduction = Reduction.SUM;
        private MapGeometry geometry = MapGeometry.patchExact();
        private double blur;
        private Fusion fusion = Fusion.sum();
        private BankTokens bankTokens = BankTokens.ADAPTED_IF_TRAINED;
        private boolean halfPrecisionBank = true;
        private BankSelection bankSelection = BankSelection.coreset(BANK_TOKENS);
        private int rotations = 1;
        private Optional<Tiling> tiling = Optional.empty();
        private int batchSize = 4;
        private long seed;

        private Builder() {}

        /**
         * Sets the side that pictures are resized to, without regard to their aspect. Default: what the backbone recommends.
         *
         * @param side pixels, 1 to 4096; the backbone sees whole patches only
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder inputSide(int side) {
            inputSide = OptionalInt.of(Arguments.range("inputSide", side, 1, 4096));
            return this;
        }

        /**
         * Sets the sentences. Default: {@link PromptEnsemble#anomalyGpt()}.
         *
         * @param prompts the ensemble
         * @return this builder
         */
        public Builder prompts(PromptEnsemble prompts) {
            this.prompts = Objects.requireNonNull(prompts, "prompts");
            return this;
        }

        /**
         * Sets the factor of cosines of pictures. Default: the backbone's own, 100 for published ones.
         *
         * @param scale above 0 to 10,000
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder imageLogitScale(double scale) {
            imageLogitScale =
                    OptionalDouble.of(Arguments.range("imageLogitScale", scale, Double.MIN_NORMAL, MOST_SCALE));
            return this;
        }

        /**
         * Sets the factor of cosines of patches. Default: the backbone's own, 100 for published ones.
         *
         * @param scale above 0 to 10,000
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder pixelLogitScale(double scale) {
            pixelLogitScale =
                    OptionalDouble.of(Arguments.range("pixelLogitScale", scale, Double.MIN_NORMAL, MOST_SCALE));
            return this;
        }

        /**
         * Sets how the stages' maps become one. Default: their sum.
         *
         * @param reduction sum or mean
         * @return this builder
         */
        public Builder reduction(Reduction reduction) {
            this.reduction = Objects.requireNonNull(reduction, "reduction");
            return this;
        }

        /**
         * Sets how scores of patches become scores of pixels. Default: {@link MapGeometry#patchExact()}.
         *
         * @param geometry the geometry
         * @return this builder
         */
        public Builder geometry(MapGeometry geometry) {
            this.geometry = Objects.requireNonNull(geometry, "geometry");
            return this;
        }

        /**
         * Sets the blur of maps. Default: none; AnomalyCLIP and AdaCLIP use 4.
         *
         * @param sigma standard deviation in pixels of the input, 0 to 100
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder blur(double sigma) {
            blur = Arguments.range("sigma", sigma, 0, 100);
            return this;
        }

        /**
         * Sets how the branches become one. Default: {@link Fusion#sum()}.
         *
         * @param fusion the fusion
         * @return this builder
         */
        public Builder fusion(Fusion fusion) {
            this.fusion = Objects.requireNonNull(fusion, "fusion");
            return this;
        }

        /**
         * Sets what a bank holds. Default: adapted tokens of a trained adapter, raw ones otherwise.
         *
         * @param tokens the kind of tokens
         * @return this builder
         */
        public Builder bankTokens(BankTokens tokens) {
            bankTokens = Objects.requireNonNull(tokens, "tokens");
            return this;
        }

        /**
         * Sets whether banks are kept in half precision, which halves their size and changes distances by up to 5·10⁻⁴.
         * Default: yes.
         *
         * @param half true for half precision
         * @return this builder
         */
        public Builder halfPrecisionBank(boolean half) {
            halfPrecisionBank = half;
            return this;
        }

        /**
         * Sets which tokens a bank keeps. Default: a coreset of 65,536 a stage, that is all of up to 47 pictures of 518 pixels.
         *
         * @param selection the selection
         * @return this builder
         */
        public Builder bankSelection(BankSelection selection) {
            bankSelection = Objects.requireNonNull(selection, "selection");
            return this;
        }

        /**
         * Sets in how many quarter turns a reference goes into a bank. Default: 1.
         *
         * @param rotations 1, or 4 for parts that lie any way round
         * @return this builder
         * @throws IllegalArgumentException if it is neither
         */
        public Builder rotations(int rotations) {
            if (rotations != 1 && rotations != 4) {
                throw new IllegalArgumentException("rotations must be 1 or 4 but was " + rotations);
            }
            this.rotations = rotations;
            return this;
        }

        /**
         * Sets how pictures are cut. Default: not at all.
         *
         * @param tiling the tiling
         * @return this builder
         */
        public Builder tiling(Tiling tiling) {
            this.tiling = Optional.of(tiling);
            return this;
        }

        /**
         * Sets how many pictures or tiles go through the backbone together. Default: 4. More take more memory; scores change
         * in their last digits.
         *
         * @param size 1 to 256
         * @return this builder
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder batchSize(int size) {
            batchSize = Arguments.range("batchSize", size, 1, 256);
            return this;
        }

        /**
         * Sets the seed of random choices: that of a coreset. Default: 0.
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
        public VladSettings build() {
            return new VladSettings(this);
        }
    }
}
