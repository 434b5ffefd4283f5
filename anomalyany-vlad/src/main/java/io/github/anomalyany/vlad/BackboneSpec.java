// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What has to be known of a CLIP backbone besides its files: how pictures are prepared, which layers are read and how.
 * Widths, depths and patch sizes come from the files. Immutable.
 *
 * @param id short name, for provenance
 * @param activation activation of the feed-forward layers; empty for what {@code config.json} says, which open_clip's layout
 *     lacks
 * @param mean mean of red, green, blue, 0 to 1, that is subtracted
 * @param deviation standard deviation of red, green, blue, above 0, by which is divided
 * @param inputSide side that pictures are resized to when the settings don't say, pixels
 * @param stages layers whose patch tokens are read, from 1, ascending; empty for the four quarter depths
 * @param patchTokens how patch tokens are taken
 * @param positions how the position table follows another input side
 * @param visionHeadWidth width of an attention head of the vision tower, for open_clip's layout
 * @param textHeadWidth the same of the text tower
 */
public record BackboneSpec(
        String id,
        Optional<Activation> activation,
        List<Double> mean,
        List<Double> deviation,
        int inputSide,
        List<Integer> stages,
        PatchTokens patchTokens,
        Positions positions,
        int visionHeadWidth,
        int textHeadWidth) {
    /** Activations of CLIP's feed-forward layers. */
    public enum Activation {
        /** x·σ(1.702x): OpenAI's weights. */
        QUICK_GELU,
        /** The error function's form: LAION's and DataComp's weights. */
        GELU
    }

    /** How patch tokens are taken from a layer. */
    public enum PatchTokens {
        /** As they leave the layer, without norm and projection: AnomalyGPT, APRIL-GAN, VLAD. */
        RAW,
        /** Through the last norm and the projection, as the class token is: what the built-in CLIP was trained for. */
        PROJECTED
    }

    /** How the position table follows another input side than the native one. */
    public enum Positions {
        /** Bicubic with anti-aliasing, a = −0.5: open_clip. */
        ANTIALIASED,
        /** Bicubic, a = −0.75: Hugging Face. */
        PLAIN
    }

    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final int RECOMMENDED_SIDE = 518;
    private static final int HEAD_WIDTH = 64;
    private static final int BUILT_IN_SIDE = 256;

    /**
     * Checks the values.
     *
     * @param id short name, for provenance
     * @param activation activation of the feed-forward layers
     * @param mean mean of red, green, blue
     * @param deviation standard deviation of red, green, blue
     * @param inputSide side that pictures are resized to when the settings don't say, pixels
     * @param stages layers whose patch tokens are read, from 1, ascending; empty for the four quarter depths
     * @param patchTokens how patch tokens are taken
     * @param positions how the position table follows another input side
     * @param visionHeadWidth width of an attention head of the vision tower
     * @param textHeadWidth the same of the text tower
     * @throws IllegalArgumentException if a value is out of range
     */
    public BackboneSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(activation, "activation");
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        stages = List.copyOf(stages);
        Objects.requireNonNull(patchTokens, "patchTokens");
        Objects.requireNonNull(positions, "positions");
        if (mean.size() != 3 || deviation.size() != 3 || deviation.stream().anyMatch(d -> !(d > 0))) {
            throw new IllegalArgumentException(
                    "mean and deviation must have 3 values each, deviations above 0, but were %s and %s"
                            .formatted(mean, deviation));
        }
        Arguments.range("inputSide", inputSide, 1, 8192);
        Arguments.range("visionHeadWidth", visionHeadWidth, 1, 16384);
        Arguments.range("textHeadWidth", textHeadWidth, 1, 16384);
        for (int i = 0; i < stages.size(); i++) {
            if (stages.get(i) < 1 || (i > 0 && stages.get(i) <= stages.get(i - 1))) {
                throw new IllegalArgumentException("stages must ascend from at least 1 but were " + stages);
            }
        }
    }

    /**
     * OpenAI's weights: ViT-L/14, ViT-L/14@336, ViT-B/16, ViT-B/32.
     *
     * @return raw tokens of the four quarter depths, QuickGELU, CLIP's mean and deviation, 518 pixels
     */
    public static BackboneSpec openAi() {
        return clip("openai", Activation.QUICK_GELU, CLIP_MEAN, CLIP_DEVIATION);
    }

    /**
     * Weights of LAION-400M, LAION-2B (but for {@link #laion2bL14()}) and DataComp.
     *
     * @return as {@link #openAi()} with GELU
     */
    public static BackboneSpec laion() {
        return clip("laion", Activation.GELU, CLIP_MEAN, CLIP_DEVIATION);
    }

    /**
     * The ViT-L/14 of LAION-2B ({@code laion2b_s32b_b82k}), which was trained with other colours than its sisters.
     *
     * @return as {@link #laion()} with mean and deviation 0.5
     */
    public static BackboneSpec laion2bL14() {
        var half = List.of(0.5, 0.5, 0.5);
        return clip("laion2b-l14", Activation.GELU, half, half);
    }

    /**
     * The built-in CLIP of {@code anomalyany-tiny}, whose patch tokens were trained through norm and projection.
     *
     * @return projected tokens of the last layer
     */
    public static BackboneSpec builtIn() {
        return new BackboneSpec(
                "built-in",
                Optional.empty(),
                CLIP_MEAN,
                CLIP_DEVIATION,
                BUILT_IN_SIDE,
                List.of(6),
                PatchTokens.PROJECTED,
                Positions.ANTIALIASED,
                32,
                32);
    }

    private static BackboneSpec clip(String id, Activation activation, List<Double> mean, List<Double> deviation) {
        return new BackboneSpec(
                id,
                Optional.of(activation),
                mean,
                deviation,
                RECOMMENDED_SIDE,
                List.of(),
                PatchTokens.RAW,
                Positions.ANTIALIASED,
                HEAD_WIDTH,
                HEAD_WIDTH);
    }

    /**
     * The same with another activation.
     *
     * @param activation activation of the feed-forward layers
     * @return a new specification
     */
    public BackboneSpec withActivation(Activation activation) {
        return with(Optional.of(activation), stages, patchTokens, visionHeadWidth, textHeadWidth);
    }

    /**
     * The same with other stages.
     *
     * @param stages layers whose patch tokens are read, from 1, ascending; empty for the four quarter depths
     * @return a new specification
     * @throws IllegalArgumentException if they don't ascend from at least 1
     */
    public BackboneSpec withStages(List<Integer> stages) {
        return with(activation, stages, patchTokens, visionHeadWidth, textHeadWidth);
    }

    /**
     * The same with patch tokens taken otherwise.
     *
     * @param patchTokens how patch tokens are taken
     * @return a new specification
     */
    public BackboneSpec withPatchTokens(PatchTokens patchTokens) {
        return with(activation, stages, patchTokens, visionHeadWidth, textHeadWidth);
    }

    /**
     * The same with other head widths, for small models in open_clip's layout.
     *
     * @param visionHeadWidth width of an attention head of the vision tower
     * @param textHeadWidth the same of the text tower
     * @return a new specification
     * @throws IllegalArgumentException if one is below 1
     */
    public BackboneSpec withHeadWidths(int visionHeadWidth, int textHeadWidth) {
        return with(activation, stages, patchTokens, visionHeadWidth, textHeadWidth);
    }

    private BackboneSpec with(
            Optional<Activation> otherActivation,
            List<Integer> otherStages,
            PatchTokens otherTokens,
            int otherVisionHeads,
            int otherTextHeads) {
        return new BackboneSpec(
                id,
                otherActivation,
                mean,
                deviation,
                inputSide,
                otherStages,
                otherTokens,
                positions,
                otherVisionHeads,
                otherTextHeads);
    }

    /**
     * One line for provenance.
     *
     * @return as {@code "openai(quick_gelu, raw, stages=[6, 12, 18, 24])"}
     */
    public String description() {
        return "%s(%s, %s, stages=%s)"
                .formatted(
                        id,
                        activation.map(a -> a.name().toLowerCase(Locale.ROOT)).orElse("activation of the config"),
                        patchTokens.name().toLowerCase(Locale.ROOT),
                        stages.isEmpty() ? "quarter depths" : stages.toString());
    }
}
