// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.vlad.eval.Cell.Picture;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a page of HTML. */
final class ReportPage {
    private static final String STYLE = """
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 72em; padding: 0 1em; color: #222; }
            table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums; }
            th, td { padding: .25em .7em; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
            th.name, td.name { text-align: left; }
            .scroll { overflow-x: auto; }
            figure { margin: 1em 0; }
            img { max-width: 100%; }
            figcaption { color: #555; }
            """;

    private final EvaluationReport report;
    private final StringBuilder text = new StringBuilder();

    ReportPage(EvaluationReport report) {
        this.report = report;
    }

    String html() {
        String title = escaped(report.dataset());
        text.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>%s</title>\n<style>\n%s</style>\n</head>\n<body>\n".formatted(title, STYLE))
                .append("<h1>%s</h1>\n<p>%s</p>\n".formatted(title, escaped(report.introduction())))
                .append("<p>Also as <a href=\"report.md\">Markdown</a>, <a href=\"report.csv\">CSV</a>"
                        + " and <a href=\"report.json\">JSON</a>.</p>\n");
        table(report.table(), 2);
        for (var row : report.rows()) {
            text.append("<details>\n<summary>By category: %d-shot, %s</summary>\n"
                    .formatted(row.shots(), escaped(row.method())));
            table(report.table(row), 1);
            text.append("</details>\n");
        }
        text.append("""
                <h2>Worst misses</h2>
                <p>From the left: the picture, the outline of the true defect, the scores of the pixels. The colours of one method
                mean the same in all its pictures; the mean of all pixels and below isn't coloured.</p>
                """);
        report.methods().keySet().forEach(this::misses);
        return text.append("</body>\n</html>\n").toString();
    }

    /** A table whose first columns are names. */
    private void table(List<List<String>> table, int names) {
        text.append("<div class=\"scroll\"><table>\n");
        for (int i = 0; i < table.size(); i++) {
            String tag = i == 0 ? "th" : "td";
            text.append("<tr>");
            for (int j = 0; j < table.get(i).size(); j++) {
                text.append(j < names ? "<%s class=\"name\">".formatted(tag) : "<" + tag + ">")
                        .append(escaped(table.get(i).get(j)))
                        .append("</%s>".formatted(tag));
            }
            text.append("</tr>\n");
        }
        text.append("</table></div>\n");
    }

    private void misses(String method) {
        var ofMethod = report.misses().stream()
                .filter(miss -> miss.round().method().name().equals(method))
                .toList();
        if (ofMethod.isEmpty()) {
            return;
        }
        var round = ofMethod.get(0).round();
        text.append("<h3>%s, %d-shot%s</h3>\n"
                .formatted(escaped(method), round.shots(), round.shots() == 0 ? "" : ", seed " + round.seed()));
        misses("Good pictures with high scores", ofMethod, false);
        misses("Anomalous pictures with low scores", ofMethod, true);
    }

    private void misses(String title, List<Miss> misses, boolean anomalous) {
        String figures = misses.stream()
                .filter(miss -> miss.picture().anomalous() == anomalous)
                .map(ReportPage::figure)
                .collect(Collectors.joining());
        if (!figures.isEmpty()) {
            text.append("<h4>%s</h4>\n%s".formatted(title, figures));
        }
    }

    private static String figure(Miss miss) {
        String name = escaped(miss.category() + ": " + miss.picture().image());
        return "<figure><img src=\"%s\" alt=\"%s\" loading=\"lazy\">\n<figcaption>%s, %s</figcaption></figure>\n"
                .formatted(miss.file(), name, name, verdict(miss.picture(), miss.wrongSide()));
    }

    private static String verdict(Picture picture, double wrongSide) {
        return String.format(
                Locale.ROOT,
                "score %.4g: %s than %.0f %% of its category's %s pictures",
                picture.score(),
                picture.anomalous() ? "lower" : "higher",
                100 * wrongSide,
                picture.anomalous() ? "good" : "anomalous");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
