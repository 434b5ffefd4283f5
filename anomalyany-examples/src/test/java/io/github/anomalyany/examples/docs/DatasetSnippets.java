// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import io.github.anomalyany.vlad.SamplePlan;
import io.github.anomalyany.vlad.TrainingFolder;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code of docs/datasets.md, with a generator that needs no model. */
class DatasetSnippets {
    @Test
    void makesManyAndTellsThemApart() throws IOException {
        var normal = Photos.good(0);
        try (var generator = SyntheticAnomalies.cutPaste()) {
            // region request
            var request = GenerationRequest.builder()
                    .normal(normal)
                    .anomaly("a photo of a brick with a hole")
                    .region(RegionProposal.random(Shape.ANY, 0.02, 0.1, RegionProposal.wholeImage()))
                    .seed(7)
                    .count(3)
                    .retries(2)
                    .build();
            var result = generator.generate(request);
            for (var made : result.accepted()) {
                made.write(Path.of(made.provenance().id() + ".png"));
                made.mask().write(Path.of(made.provenance().id() + "_mask.png"));
            }
            // endregion
            assertThat(result.accepted()).hasSize(3);
            var file = Path.of(result.accepted().get(0).provenance().id() + ".png");
            // region provenance
            String json = RgbImage.readPngText(file).get(Provenance.PNG_KEYWORD);
            // endregion
            assertThat(json).isEqualTo(result.accepted().get(0).provenance().toJson());
        }
    }

    @Test
    void keepsTrainingSamples() throws IOException {
        Photos.delete("samples");
        var normals = Photos.good(0, 2);
        try (var generator = SyntheticAnomalies.cutPaste()) {
            // region samples
            var plan = SamplePlan.fewShot()
                    .withPerNormal(20)
                    .withPrompts(List.of("a photo of a {} with a hole", "a photo of a {} with a crack"));
            var folder = TrainingFolder.of(Path.of("samples"));
            int made = folder.generate(generator, "brick", normals, plan, new CancellationToken());
            var samples = folder.samples();
            // endregion
            assertThat(samples).hasSize(made + 2);
        }
    }

    @Test
    void readsWhatGenerateDatasetWrites() throws IOException {
        var dataset = Path.of(System.getProperty("basedir", "."), "sample-data");
        // region reading
        var bricks = Datasets.mvtec(dataset).category("brick");
        var training = bricks.train(); // good pictures
        var test = bricks.test(); // good and anomalous ones
        var auxiliary = TrainingFolder.realTest(Datasets.mvtec(dataset)); // test pictures with masks, to train on
        // endregion
        assertThat(training).isNotEmpty();
        assertThat(test).isNotEmpty();
        assertThat(auxiliary).hasSizeGreaterThan(test.size());
    }
}
