// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.image.RgbImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills a folder with pictures of a product's defects and their masks. */
public final class DefectLibrary {
    private final AnomalyGenerator generator;
    private final Path folder;

    public DefectLibrary(AnomalyGenerator generator, Path folder) {
        this.generator = generator;
        this.folder = folder;
    }

    /** Writes up to {@code count} pictures; returns how many were good enough. */
    public int add(RgbImage photo, String defect, int count) throws IOException {
        var request = GenerationRequest.builder()
                .normal(photo)
                .anomaly("a photo of wood with a " + defect)
                .count(count)
                .retries(1)
                .build();
        var accepted = generator.generate(request).accepted();
        Files.createDirectories(folder);
        for (GeneratedAnomaly made : accepted) {
            made.write(folder.resolve(made.provenance().id() + ".png"));
            made.mask().write(folder.resolve(made.provenance().id() + "_mask.png"));
        }
        return accepted.size();
    }
}
