// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.prompt.DefectCatalog;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.NoiseScheduler;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerationRequestTest {
    private static final RgbImage NORMAL = RgbImage.of(4, 3, new byte[36]);

    private static GenerationRequest.Builder valid() {
        return GenerationRequest.builder().normal(NORMAL).anomaly("a hazelnut with a deep crack");
    }

    @Test
    void namesAllThatIsMissingOrOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationRequest.builder().count(0).build())
                .withMessageContaining("normal is required")
                .withMessageContaining("anomaly is required")
                .withMessageContaining("count must be in [1, 100000] but was 0");
    }

    @Test
    void listsThePromptsWordsWhenNoneIsAKnownDefect() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> valid().anomaly("a hazelnut with a zorgle").build())
                .withMessageContaining("[a, hazelnut, with, a, zorgle]")
                .withMessageContaining("emphasize(");
    }

    @Test
    void refusesARegionOfAnotherSizeAndAnEmptyOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> valid().region(Mask.full(3, 4)).build())
                .withMessageContaining("4×3")
                .withMessageContaining("3×4");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> valid().region(Mask.empty(4, 3)).build())
                .withMessageContaining("empty");
    }

    @Test
    void refusesNullsAtTheSetter() {
        assertThatNullPointerException()
                .isThrownBy(() -> GenerationRequest.builder().settings(nothing()))
                .withMessage("settings");
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what a careless caller passes
    private static <T> T nothing() {
        return null;
    }

    @Test
    void findsTheDefectsWordInThePrompt() {
        assertThat(valid().build().emphasized()).containsExactly("crack");
    }

    @Test
    void takesEmphasizedWordsAndOtherCatalogues() {
        assertThat(valid().emphasize("deep crack", "hazelnut").build().emphasized())
                .containsExactly("deep crack", "hazelnut");
        var catalog = DefectCatalog.standard().with("zorgle");
        assertThat(valid().catalog(catalog).anomaly("a zorgle").build().emphasized())
                .containsExactly("zorgle");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> valid().emphasize(" ").build())
                .withMessageContaining("blank");
    }

    @Test
    void describesTheDamageByThePromptUnlessToldOtherwise() {
        assertThat(valid().build().description()).isEqualTo("a hazelnut with a deep crack");
        assertThat(valid().description("long and dark").build().description()).isEqualTo("long and dark");
    }

    @Test
    void settingsNameAllValuesOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GenerationSettings.builder()
                        .steps(0)
                        .guidanceScale(0.5)
                        .feather(-1)
                        .build())
                .withMessageContaining("steps must be in [1, 1000] but was 0")
                .withMessageContaining("guidanceScale must be in [1, 100.0] but was 0.5")
                .withMessageContaining("feather must be in [0, 256] but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        GenerationSettings.builder().guidanceScale(Double.NaN).build());
        assertThatIllegalArgumentException().isThrownBy(() -> new LatentUpdate(0, true, List.of(), 1, 0, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new LatentUpdate(1, true, List.of(), 0, 0, true));
    }

    @Test
    void settingsAreCopiedAndDescribeThemselves() {
        var settings = GenerationSettings.builder()
                .steps(50)
                .scheduler(NoiseScheduler.euler())
                .noiseLevel(0.5)
                .build();
        var changed = settings.toBuilder().steps(60).withoutAttentionLoss().build();
        assertThat(settings.steps()).isEqualTo(50);
        assertThat(settings.attentionLoss()).isPresent();
        assertThat(changed.steps()).isEqualTo(60);
        assertThat(changed.conditioning().description())
                .isEqualTo(Conditioning.noiseLevel(0.5).description());
        assertThat(changed.describe()).containsEntry("attentionLoss", "none").containsEntry("steps", 60);
        assertThat(GenerationSettings.imageToImage().attentionLoss()).isEmpty();
    }

    @Test
    void aGeneratorNeedsAModelDirectory() {
        assertThatIllegalStateException()
                .isThrownBy(() -> AnomalyGenerator.builder().build())
                .withMessage("modelDirectory is required");
    }

    @Test
    void saysWhatToAddWhenNoEngineIsOnTheClassPath() {
        assertThatThrownBy(() ->
                        AnomalyGenerator.builder().modelDirectory(Path.of("x")).build())
                .isInstanceOf(ProviderNotFoundException.class)
                .hasMessageContaining("io.github.anomalyany:anomalyany-sd");
    }

    @Test
    void devicesAreValues() {
        assertThat(Device.cuda(1))
                .isEqualTo(Device.cuda(1))
                .isNotEqualTo(Device.cuda(0))
                .hasToString("cuda(1)");
        assertThat(Device.auto().isAuto()).isTrue();
        assertThatIllegalArgumentException().isThrownBy(() -> Device.cuda(-1)).withMessageContaining("-1");
    }

    @Test
    void provenanceIsJson() {
        var provenance = new Provenance("a-1", Map.of("prompt", "a \"crack\"\n\u00e9"));
        assertThat(provenance.toJson()).isEqualTo("{\n  \"prompt\": \"a \\\"crack\\\"\\n\\u00e9\"\n}");
    }
}
