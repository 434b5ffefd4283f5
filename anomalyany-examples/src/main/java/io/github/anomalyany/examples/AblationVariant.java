// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.Acceptance;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.PromptRefinement;
import io.github.anomalyany.strategy.RefinementTarget;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.Surroundings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The method by its parts: each variant adds one to another variant. All take the same steps from the same noise. */
enum AblationVariant {
    PLAIN(1, "plain image-to-image", null),
    BLEND(2, "+ masked blend", PLAIN),
    ATTENTION(3, "+ attention guidance", BLEND),
    LOCALIZED(4, "+ localisation-aware step", ATTENTION),
    THRESHOLDS(5, "+ threshold refinement and early stop", LOCALIZED),
    CLIP(6, "+ CLIP refinement", THRESHOLDS),
    /** Takes the place of the one before, so it too is compared with the run without refinement. */
    CLIP_ORIGINAL(7, "+ CLIP refinement of the predicted original", THRESHOLDS);

    private final int number;
    private final String title;
    private final @Nullable AblationVariant base;

    AblationVariant(int number, String title, @Nullable AblationVariant base) {
        this.number = number;
        this.title = title;
        this.base = base;
    }

    /** How it is made. */
    GenerationSettings settings() {
        var settings = switch (this) {
            case PLAIN ->
                GenerationSettings.imageToImage().toBuilder()
                        .conditioning(new Unblended(Conditioning.strength(0.25)))
                        .build();
            case BLEND -> GenerationSettings.imageToImage();
            case ATTENTION -> guided(new LatentUpdate(10, false, List.of(), 1, 0, false));
            case LOCALIZED -> guided(new LatentUpdate(10, true, List.of(), 1, 0, false));
            case THRESHOLDS -> guided(LatentUpdate.standard());
            case CLIP -> GenerationSettings.anomalyAny();
            case CLIP_ORIGINAL ->
                GenerationSettings.builder()
                        .promptRefinement(PromptRefinement.standard().withTarget(RefinementTarget.PREDICTED_ORIGINAL))
                        .build();
        };
        // A margin that every picture keeps makes CLIP look at each, with and without refinement.
        return settings.toBuilder()
                .acceptance(Acceptance.standard().withClipMargin(-2))
                .build();
    }

    private static GenerationSettings guided(LatentUpdate update) {
        return GenerationSettings.builder()
                .latentUpdate(update)
                .withoutClipRefinement()
                .build();
    }

    /** What it adds. */
    String title() {
        return title;
    }

    /** The variant that it adds a part to. */
    Optional<AblationVariant> base() {
        return Optional.ofNullable(base);
    }

    /** Its number in tables and sheets, from 1. */
    int number() {
        return number;
    }

    /** Its name on the command line. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Starts as another conditioning does and keeps nothing of the normal picture after that.
     *
     * @param start how the run starts
     */
    private record Unblended(Conditioning start) implements Conditioning {
        @Override
        public String description() {
            return start.description() + " without blend";
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            return start.startIndex(whole, schedule);
        }

        @Override
        public float[] blend(float[] latents, Surroundings surroundings) {
            return latents.clone();
        }
    }
}
