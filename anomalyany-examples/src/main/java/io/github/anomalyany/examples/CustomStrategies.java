// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.examples.strategies.BorderBandProposal;
import io.github.anomalyany.examples.strategies.LayoutKeepingConditioning;
import io.github.anomalyany.examples.strategies.MarginRefinement;
import io.github.anomalyany.examples.strategies.MeanAttentionLoss;
import io.github.anomalyany.examples.strategies.QuadraticDdim;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.LatentUpdate;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Makes a picture with five strategies that a user wrote in the place of the library's own: a capsule damaged at its border. */
public final class CustomStrategies {
    private static final String PHOTO = "sample-data/capsule/train/good/000.png";

    private CustomStrategies() {}

    /**
     * Runs the program.
     *
     * @param args the folder to write into; default {@code out/custom}
     * @throws IOException if the folder can't be written
     */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "out/custom");
        Files.createDirectories(folder);
        var normal = photo();
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly("a photo of a capsule with a crack")
                .region(place())
                .settings(settings())
                .build();
        try (var generator = TinyModels.generator().build()) {
            var result = generator.generate(request, RunControl.listeningTo(new ConsoleProgress(System.out, false)));
            var results = new ResultFolder(folder, normal);
            for (var made : Stream.concat(result.accepted().stream(), result.rejected().stream())
                    .toList()) {
                System.out.println(made.verdict().accepted() ? "accepted" : "rejected: " + made.verdict());
                results.write(made, "").forEach(System.out::println);
            }
        }
    }

    private static GenerationSettings settings() {
        return GenerationSettings.builder()
                .steps(40)
                .scheduler(new QuadraticDdim())
                .conditioning(new LayoutKeepingConditioning(0.6, 0.3))
                .attentionLoss(new MeanAttentionLoss())
                .latentUpdate(new LatentUpdate(40, false, List.of(), 1, 0, false))
                .clipRefinement(new MarginRefinement(0.9))
                .build();
    }

    /** A third of the capsule's border. */
    private static RegionProposal place() {
        var band = new BorderBandProposal(RegionProposal.foreground(), 0.25);
        return RegionProposal.random(Shape.POLYGON, 0.25, 0.35, band);
    }

    private static RgbImage photo() throws IOException {
        try (var in = CustomStrategies.class.getResourceAsStream(PHOTO)) {
            return RgbImage.read(Objects.requireNonNull(in, PHOTO));
        }
    }
}
