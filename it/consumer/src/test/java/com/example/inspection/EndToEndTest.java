// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import static io.github.anomalyany.testing.AnomalyAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.tiny.TinyModels;
import org.junit.jupiter.api.Test;

/** What a user does with the built-in model. */
class EndToEndTest {
    @Test
    void makesAnAnomalyFromAPhotoAndASentence() {
        try (var generator = AnomalyGenerator.builder().modelDirectory(TinyModels.directory()).build()) {
            var made = generator.generate(Photos.wood(1), "a photo of wood with a hole");
            assertThat(made).hasSizeOf(Photos.wood(1));
            assertThat(made.image()).isNotEqualTo(Photos.wood(1));
        }
    }

    @Test
    void runsWithAUsersOwnLossAndScheduler() {
        var settings = GenerationSettings.builder()
                .steps(6)
                .strength(0.5)
                .scheduler(new EvenDdim())
                .attentionLoss(new MeanAttention())
                .withoutClipRefinement()
                .build();
        var request = GenerationRequest.builder()
                .normal(Photos.wood(1))
                .anomaly("a photo of wood with a hole")
                .settings(settings)
                .build();
        try (var generator = TinyModels.generator().build()) {
            var result = generator.generate(request);
            var made = result.accepted().isEmpty() ? result.rejected().get(0) : result.accepted().get(0);
            assertThat(made.provenance().toJson()).contains("ddim(even)", "mean-attention(raw)");
        }
    }
}
