// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fingerprints of everything that a cell's numbers depend on. Files count by name and size, wherever they lie. */
final class Fingerprints {
    /** Changes whenever other numbers come out, or the files hold something else. */
    private static final String FORMAT = "evaluation 1";

    private final Evaluation evaluation;
    private final Map<EvaluationMethod, String> descriptions = new HashMap<>();
    private final Map<Sample, String> samples = new HashMap<>();

    Fingerprints(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    String description(EvaluationMethod method) {
        return descriptions.computeIfAbsent(method, EvaluationMethod::description);
    }

    String of(Round round, String category) throws IOException {
        var text = new StringBuilder(FORMAT);
        text.append('\n').append(round.method().name());
        text.append('\n').append(description(round.method()));
        text.append('\n').append(List.of(round.shots(), round.seed(), evaluation.side, evaluation.masks));
        text.append('\n').append(List.of(evaluation.proLimit, evaluation.exactPixels));
        text.append('\n').append(category);
        append(text, evaluation.dataset.category(category).test());
        // of all categories, since a method may learn from all of them together
        for (var normals : round.normals().entrySet()) {
            text.append('\n').append(normals.getKey());
            append(text, normals.getValue());
        }
        return Hashing.sha256().hashString(text, UTF_8).toString();
    }

    private void append(StringBuilder text, List<Sample> listing) throws IOException {
        for (var sample : listing) {
            String known = samples.get(sample);
            if (known == null) {
                known = identity(sample);
                samples.put(sample, known);
            }
            text.append('\n').append(known);
        }
    }

    private static String identity(Sample sample) throws IOException {
        String image = CellMeasurement.label(sample) + " " + Files.size(sample.image()) + " " + sample.defect();
        return sample.mask().isEmpty()
                ? image
                : image + " " + sample.mask().get().getFileName() + " "
                        + Files.size(sample.mask().get());
    }
}
