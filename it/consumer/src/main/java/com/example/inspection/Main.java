// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.models.ModelStore;
import io.github.anomalyany.vlad.VladDetector;
import java.util.List;

/** Makes one anomaly and looks for it, and prints a line that says what came out. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.out.println("made " + outcome());
    }

    /** The picture's digest and its score. */
    public static String outcome() {
        var photo = Photos.wood(1);
        var request = GenerationRequest.builder()
                .normal(photo)
                .anomaly("a photo of wood with a hole")
                .settings(GenerationSettings.builder().steps(6).strength(0.5).withoutClipRefinement().build())
                .build();
        var model = ModelStore.offline().tiny();
        try (var generator = AnomalyGenerator.builder().modelDirectory(model).build();
                var detector = VladDetector.builder().modelDirectory(model).build()) {
            var result = generator.generate(request);
            var made = result.accepted().isEmpty() ? result.rejected().get(0) : result.accepted().get(0);
            RgbImage picture = made.image();
            var bank = detector.index("wood", List.of(photo, Photos.wood(2)));
            return picture.sha256() + " " + detector.detect(picture, bank).score();
        }
    }
}
