// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.examples.strategies.BorderBandProposal;
import io.github.anomalyany.examples.strategies.LayoutKeepingConditioning;
import io.github.anomalyany.examples.strategies.MarginRefinement;
import io.github.anomalyany.examples.strategies.MeanAttentionLoss;
import io.github.anomalyany.examples.strategies.QuadraticDdim;
import io.github.anomalyany.golden.DrawnPictures;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each user-written strategy to the end on the built-in model: it changes the picture, and provenance names it. */
class CustomStrategiesTest {
    private static final RgbImage PICTURE = DrawnPictures.object(DrawnPictures.middle(96, 80), 0xc08030, 0x203040, 1);

    private static AnomalyGenerator generator;

    @BeforeAll
    static void load() {
        generator = TinyModels.generator().build();
    }

    @AfterAll
    static void free() {
        generator.close();
    }

    private static GenerationSettings.Builder quick() {
        return refining().withoutClipRefinement();
    }

    private static GenerationSettings.Builder refining() {
        return GenerationSettings.builder()
                .steps(8)
                .strength(0.5)
                .latentUpdate(new LatentUpdate(10, true, List.of(), 1, 0, false));
    }

    private static GenerationRequest.Builder request(GenerationSettings.Builder settings) {
        return GenerationRequest.builder()
                .normal(PICTURE)
                .anomaly("a photo of a nut with a hole")
                .seed(5)
                .settings(settings.build());
    }

    private static GeneratedAnomaly make(GenerationRequest.Builder request) {
        var result = generator.generate(request.build());
        return Stream.concat(result.accepted().stream(), result.rejected().stream())
                .findFirst()
                .orElseThrow();
    }

    /** The same request but for one strategy. */
    private static void assertActs(GenerationRequest.Builder own, GenerationRequest.Builder other, String description) {
        GeneratedAnomaly made = make(own);
        assertThat(made.provenance().toJson()).contains("\"" + description + "\"");
        assertThat(made.image()).isNotEqualTo(PICTURE).isNotEqualTo(make(other).image());
    }

    @Test
    void conditioningActs() {
        var own = new LayoutKeepingConditioning(0.5, 0.5);
        assertActs(request(quick().conditioning(own)), request(quick()), "layout-keeping(strength=0.5,keep=0.5)");
    }

    @Test
    void attentionLossActs() {
        assertActs(request(quick().attentionLoss(new MeanAttentionLoss())), request(quick()), "mean-attention");
    }

    @Test
    void schedulerActs() {
        assertActs(request(quick().scheduler(new QuadraticDdim())), request(quick()), "ddim(quadratic)");
    }

    @Test
    void clipRefinementActs() {
        var own = new MarginRefinement(1);
        assertActs(request(refining().clipRefinement(own)), request(refining()), "margin(1.0)");
    }

    @Test
    void regionProposalActs() {
        var own = new BorderBandProposal(RegionProposal.foreground(), 0.3);
        assertActs(
                request(quick()).region(own),
                request(quick()).region(RegionProposal.foreground()),
                "border-band(0.3,of=foreground)");
    }

    @Test
    void theProgramPlugsInAllOfThem(@TempDir Path folder) throws IOException {
        Path out = folder.resolve("made/here");
        CustomStrategies.main(new String[] {out.toString()});
        assertThat(Files.readString(out.resolve("provenance.json")))
                .contains("layout-keeping(")
                .contains("mean-attention")
                .contains("ddim(quadratic)")
                .contains("margin(")
                .contains("border-band(");
        assertThat(RgbImage.read(out.resolve("anomaly.png")).width()).isEqualTo(256);
    }
}
