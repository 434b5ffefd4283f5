// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.eval.EvaluationReport;
import io.github.anomalyany.vlad.eval.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page about the closed loop: what was measured, the tables, and who wins, counted from the numbers. */
final class LoopPage {
    private static final String ZERO_SHOT = "(a) zero-shot";
    private static final String OURS = "(e) VLAD on ours";
    private static final List<String> OTHERS = List.of("(b) bank only", "(c) VLAD on CutPaste", "(d) VLAD on DRAEM");
    private static final List<Metric> COMPARED = List.of(Metric.IMAGE_AUROC, Metric.PIXEL_AUROC, Metric.PRO);

    private final Dataset dataset;
    private final LoopOptions options;
    private final EvaluationReport report;

    LoopPage(Dataset dataset, LoopOptions options, EvaluationReport report) {
        this.dataset = dataset;
        this.options = options;
        this.report = report;
    }

    String markdown() {
        return """
                # Evaluation: the loop closed

                Written by `./mvnw -q -Pdemo -Dexample=CloseTheLoop`. Of k good photos of each category (%s) the built-in
                model generates %d anomalies a photo; VLAD is trained on these and the k photos alone, and measured on the
                test pictures, which it has never seen. The rows: (a) texts alone, (b) the distance from the k photos
                alone, (c), (d) and (e) VLAD with the same photos, trained on CutPaste's, DRAEM's and our anomalies, as
                many of each. The built-in CLIP has 13 million parameters in all; these are no figures of a real model.

                ## Who wins

                %s
                %s
                """.formatted(
                        String.join(", ", dataset.categories()),
                        options.perNormal(),
                        winners(),
                        report.markdown().replaceFirst("^# [^\\n]*\\n+", ""));
    }

    private String winners() {
        var lines = new ArrayList<String>();
        for (int shots : options.shots()) {
            for (Metric metric : COMPARED) {
                double ours = report.average(OURS, shots, metric).mean();
                var better = new ArrayList<String>();
                if (report.average(ZERO_SHOT, 0, metric).mean() > ours) {
                    better.add(
                            ZERO_SHOT + gap(report.average(ZERO_SHOT, 0, metric).mean() - ours));
                }
                for (String other : OTHERS) {
                    double theirs = report.average(other, shots, metric).mean();
                    if (theirs > ours) {
                        better.add(other + gap(theirs - ours));
                    }
                }
                lines.add("- %d-shot, %s: %s"
                        .formatted(
                                shots,
                                metric.label(),
                                better.isEmpty()
                                        ? "(e) is the best."
                                        : "better than (e): " + String.join(", ", better) + "."));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static String gap(double difference) {
        return String.format(Locale.ROOT, " by %.1f", 100 * difference);
    }
}
