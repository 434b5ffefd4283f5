// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.internal.json.Json;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A detector, with a bank or without. */
record DetectorMethod(String name, VladDetector detector, boolean usesNormals) implements EvaluationMethod {
    private static final int BLANK_SIDE = 64;

    DetectorMethod {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(detector, "detector");
    }

    /** A detector says its settings in the provenance of what it detects, and by the size of a bank how it makes one. */
    @Override
    public String description() {
        var blank = RgbImage.of(BLANK_SIDE, BLANK_SIDE, new byte[3 * BLANK_SIDE * BLANK_SIDE]);
        var detection = detector.detect(List.of(blank), "object", Optional.empty(), DetectOptions.none())
                .get(0);
        var entries = new LinkedHashMap<>(detection.provenance().entries());
        entries.keySet().removeAll(List.of("image", "category", "references", "calibration", "device"));
        if (usesNormals) {
            entries.put("bankBytes", detector.bankBytes(1, BLANK_SIDE, BLANK_SIDE));
        }
        return Json.write(entries);
    }

    @Override
    public Examiner prepare(Preparation preparation) throws IOException {
        Optional<ReferenceBank> bank = usesNormals
                ? Optional.of(detector.index(preparation.category(), preparation.images()))
                : Optional.empty();
        return new Examiner() {
            @Override
            public List<Detection> examine(List<RgbImage> images) {
                return detector.detect(images, preparation.category(), bank, DetectOptions.none());
            }

            @Override
            public int batchSize() {
                return detector.batchSize();
            }
        };
    }
}
