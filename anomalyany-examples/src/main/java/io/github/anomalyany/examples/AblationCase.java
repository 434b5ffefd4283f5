// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;

/**
 * What all variants make a picture of.
 *
 * @param kind the object
 * @param defect the defect's word
 * @param seed seed of the noise and number of the normal picture
 */
record AblationCase(SampleKind kind, String defect, int seed) {
    String prompt() {
        return "a photo of a %s with %s".formatted(kind.noun(), thing());
    }

    /** What CLIP compares with. It says more than the prompt: otherwise refinement had nowhere to move the prompt. */
    String description() {
        return "a photo of a damaged %s with %s".formatted(kind.noun(), thing());
    }

    private String thing() {
        return defect.equals("contamination") ? defect : "a " + defect;
    }

    RgbImage normal() throws IOException {
        return kind.normal(seed);
    }

    /** Another place for each kind, defect and seed. */
    Mask region(RgbImage normal) {
        return kind.region().propose(normal, prompt().hashCode(), seed);
    }

    GenerationRequest request(RgbImage normal, Mask region, AblationVariant variant) {
        return GenerationRequest.builder()
                .normal(normal)
                .anomaly(prompt())
                .emphasize(defect)
                .description(description())
                .region(region)
                .seed(seed)
                .settings(variant.settings())
                .build();
    }
}
