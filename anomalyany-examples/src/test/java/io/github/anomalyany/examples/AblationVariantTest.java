// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.strategy.Surroundings;
import java.util.LinkedHashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AblationVariantTest {
    @ParameterizedTest
    @EnumSource
    void allTakeTheSameStepsAndLetClipLook(AblationVariant variant) {
        var settings = variant.settings();

        assertThat(settings.steps()).isEqualTo(100);
        assertThat(settings.guidanceScale()).isEqualTo(7.5);
        assertThat(settings.conditioning().description()).startsWith("strength(0.25)");
        assertThat(settings.acceptance().clipMargin()).hasValue(-2);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLAIN")
    void eachChangesSomethingOfItsBase(AblationVariant variant) {
        var changed = new LinkedHashSet<>(variant.settings().describe().entrySet());
        changed.removeAll(variant.base().orElseThrow().settings().describe().entrySet());

        assertThat(changed).isNotEmpty();
    }

    @Test
    void plainKeepsNothingOfTheNormalPictureAfterTheStart() {
        float[] latents = {1, 2};
        var surroundings =
                new Surroundings(new float[2], new float[2], new float[1], 1, 1, 1, 0, 1, 0, () -> new float[2]);

        assertThat(AblationVariant.PLAIN.settings().conditioning().blend(latents, surroundings))
                .containsExactly(1, 2)
                .isNotSameAs(latents);
        assertThat(AblationVariant.BLEND.settings().conditioning().blend(latents, surroundings))
                .containsExactly(0, 0);
    }

    @Test
    void sixthIsThePresetButForClipsLook() {
        var preset = GenerationSettings.anomalyAny();

        assertThat(AblationVariant.CLIP.settings().toBuilder()
                        .acceptance(preset.acceptance())
                        .build()
                        .describe())
                .isEqualTo(preset.describe());
    }
}
