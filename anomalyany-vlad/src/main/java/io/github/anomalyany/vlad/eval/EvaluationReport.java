// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.internal.image.WholeFile;
import io.github.anomalyany.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an evaluation came to: one row for each number of shots and method, with the metrics of the dataset, which are the
 * unweighted means over its categories, and of each category; all as mean and sample standard deviation over the seeds.
 * Immutable.
 */
public final class EvaluationReport {
    private final String dataset;
    private final List<String> categories;
    private final Map<String, Object> settings;
    private final Map<String, String> methods;
    private final List<Row> rows;
    private final List<Miss> misses;

    EvaluationReport(
            String dataset,
            List<String> categories,
            Map<String, Object> settings,
            Map<String, String> methods,
            List<Row> rows,
            List<Miss> misses) {
        this.dataset = dataset;
        this.categories = List.copyOf(categories);
        this.settings = settings;
        this.methods = methods;
        this.rows = List.copyOf(rows);
        this.misses = List.copyOf(misses);
    }

    /** One number of shots and one method. */
    record Row(
            int shots,
            String method,
            List<Long> seeds,
            Map<Metric, Spread> average,
            Map<String, Map<Metric, Spread>> categories) {
        Stream<String> values(Map<Metric, Spread> spreads) {
            return spreads.values().stream().map(Spread::text);
        }
    }

    /**
     * A metric of the dataset: for each seed the unweighted mean over the categories, then over the seeds.
     *
     * @param method name of the method
     * @param shots number of shots; 0 for methods without good pictures
     * @param metric which
     * @return 0 to 1; NaN if it has no value for a category
     * @throws IllegalArgumentException if that wasn't evaluated
     */
    public Spread average(String method, int shots, Metric metric) {
        return found(row(method, shots).average().get(metric), metric);
    }

    /**
     * A metric of a category.
     *
     * @param category name of the category
     * @param method name of the method
     * @param shots number of shots; 0 for methods without good pictures
     * @param metric which
     * @return 0 to 1; NaN if it has no value, since the category has pictures or pixels of one kind only
     * @throws IllegalArgumentException if that wasn't evaluated
     */
    public Spread category(String category, String method, int shots, Metric metric) {
        var spreads = found(row(method, shots).categories().get(category), category);
        return found(spreads.get(metric), metric);
    }

    private Row row(String method, int shots) {
        return rows.stream()
                .filter(row -> row.method().equals(method) && row.shots() == shots)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no row of \"%s\" with %d shots, only of %s"
                        .formatted(
                                method,
                                shots,
                                rows.stream()
                                        .map(row -> "\"%s\" with %d".formatted(row.method(), row.shots()))
                                        .collect(Collectors.joining(", ")))));
    }

    private <T> T found(@org.jspecify.annotations.Nullable T value, Object what) {
        if (value == null) {
            throw new IllegalArgumentException("there is no %s, only %s".formatted(what, categories));
        }
        return value;
    }

    List<Row> rows() {
        return rows;
    }

    List<Miss> misses() {
        return misses;
    }

    String dataset() {
        return dataset;
    }

    Map<String, String> methods() {
        return methods;
    }

    /** What the numbers are, in a sentence or two. */
    String introduction() {
        return ("In percent%s. Maps and masks were compared at %s×%s pixels; PRO is the area under the per-region overlap up"
                        + " to a false positive rate of %s, PRO-200 the same with 200 thresholds. n/a: no"
                        + " value for a category, as where all pictures or pixels are of one kind.")
                .formatted(seedsText(), settings.get("side"), settings.get("side"), settings.get("proLimit"));
    }

    private String seedsText() {
        int most = rows.stream().mapToInt(row -> row.seeds().size()).max().orElse(1);
        return most < 2 ? "" : "; mean ± sample standard deviation over %d seeds".formatted(most);
    }

    /** Head and lines of the table of the dataset. */
    List<List<String>> table() {
        var table = new ArrayList<List<String>>();
        table.add(head("shot", "method"));
        for (var row : rows) {
            table.add(Stream.concat(Stream.of("" + row.shots(), row.method()), row.values(row.average()))
                    .toList());
        }
        return table;
    }

    /** Head and lines of a row's table of the categories. */
    List<List<String>> table(Row row) {
        var table = new ArrayList<List<String>>();
        table.add(head("category"));
        row.categories()
                .forEach((category, spreads) -> table.add(
                        Stream.concat(Stream.of(category), row.values(spreads)).toList()));
        table.add(Stream.concat(Stream.of("average"), row.values(row.average())).toList());
        return table;
    }

    private static List<String> head(String... first) {
        return Stream.concat(Stream.of(first), Stream.of(Metric.values()).map(Metric::label))
                .toList();
    }

    /**
     * The tables as Markdown.
     *
     * @return the table of the dataset, then one of the categories for each row
     */
    public String markdown() {
        var text = new StringBuilder("# %s\n\n%s\n\n".formatted(markdown(dataset), introduction()));
        append(text, table());
        for (var row : rows) {
            text.append("\n## %d-shot, %s\n\n".formatted(row.shots(), markdown(row.method())));
            append(text, table(row));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, List<List<String>> table) {
        for (int i = 0; i < table.size(); i++) {
            text.append(table.get(i).stream()
                    .map(EvaluationReport::markdown)
                    .collect(Collectors.joining(" | ", "| ", " |\n")));
            if (i == 0) {
                text.append("|---".repeat(table.get(0).size())).append("|\n");
            }
        }
    }

    /** Text that Markdown shows as it is. */
    private static String markdown(String text) {
        return text.replaceAll("\\s", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replaceAll("([\\\\`*_\\[\\]|#])", "\\\\$1");
    }

    /**
     * The numbers as comma-separated values (RFC 4180): for each row one line of the dataset, whose category is empty, and
     * one of each category; for each metric the mean and the standard deviation in percent. No value is {@code n/a}.
     *
     * @return a head and lines, ended by line feeds
     */
    public String csv() {
        var text = new StringBuilder("dataset,shots,method,category,seeds");
        for (var metric : Metric.values()) {
            text.append(',')
                    .append(metric.label())
                    .append(',')
                    .append(metric.label())
                    .append(" std");
        }
        text.append('\n');
        for (var row : rows) {
            append(text, row, "", row.average());
            row.categories().forEach((category, spreads) -> append(text, row, category, spreads));
        }
        return text.toString();
    }

    private void append(StringBuilder text, Row row, String category, Map<Metric, Spread> spreads) {
        text.append(Stream.of(
                        dataset,
                        "" + row.shots(),
                        row.method(),
                        category,
                        "" + row.seeds().size())
                .map(EvaluationReport::quoted)
                .collect(Collectors.joining(",")));
        for (var spread : spreads.values()) {
            text.append(',').append(percent(spread.mean()));
            text.append(',').append(percent(spread.deviation()));
        }
        text.append('\n');
    }

    private static String percent(double value) {
        return Double.isNaN(value) ? "n/a" : "" + 100 * value;
    }

    private static String quoted(String value) {
        return value.matches("(?s).*[,\"\r\n].*") ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
    }

    /**
     * Everything as JSON: settings, methods with their descriptions, and for each row the metrics of the dataset and of each
     * category in percent, with the value of each seed. No value is {@code null}.
     *
     * @return indented JSON, ASCII only
     */
    public String json() {
        var root = new LinkedHashMap<String, Object>();
        root.put("dataset", dataset);
        root.put("categories", categories);
        root.put("settings", settings);
        root.put("methods", methods);
        root.put("unit", "percent");
        root.put("rows", rows.stream().map(EvaluationReport::entries).toList());
        return Json.write(root) + "\n";
    }

    private static Map<String, Object> entries(Row row) {
        var entries = new LinkedHashMap<String, Object>();
        entries.put("shots", row.shots());
        entries.put("method", row.method());
        entries.put("seeds", row.seeds());
        entries.put("average", entries(row.average()));
        var ofCategories = new LinkedHashMap<String, Object>();
        row.categories().forEach((category, spreads) -> ofCategories.put(category, entries(spreads)));
        entries.put("categories", ofCategories);
        return entries;
    }

    private static Map<String, Object> entries(Map<Metric, Spread> spreads) {
        var entries = new LinkedHashMap<String, Object>();
        spreads.forEach((metric, spread) -> {
            var numbers = new LinkedHashMap<String, Object>();
            numbers.put("mean", 100 * spread.mean());
            numbers.put("std", 100 * spread.deviation());
            numbers.put(
                    "perSeed",
                    spread.values().stream().map(value -> 100 * value).toList());
            entries.put(metric.label(), numbers);
        });
        return entries;
    }

    /**
     * A page with the tables and the worst misses of each method: the good pictures with the highest scores and the anomalous
     * ones with the lowest, by the share of the other kind that they stand on the wrong side of, at the most shots and the
     * first seed. Needs no other files than the pictures in {@code misses}, which {@link #write} makes.
     *
     * @return HTML
     */
    public String html() {
        return new ReportPage(this).html();
    }

    /**
     * Writes {@code report.md}, {@code report.csv}, {@code report.json}, {@code index.html} and {@code misses/*.png}. Each file
     * is replaced only once the new one is complete.
     *
     * @param folder where to; created if need be
     * @throws IOException if a picture can't be read again or a file can't be written
     */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("misses"));
        for (var miss : misses) {
            miss.draw().write(folder.resolve(miss.file()));
        }
        WholeFile.write(folder.resolve("report.md"), markdown().getBytes(UTF_8));
        WholeFile.write(folder.resolve("report.csv"), csv().getBytes(UTF_8));
        WholeFile.write(folder.resolve("report.json"), json().getBytes(UTF_8));
        WholeFile.write(folder.resolve("index.html"), html().getBytes(UTF_8));
    }

    /** The dataset's name and the number of rows. */
    @Override
    public String toString() {
        return "EvaluationReport[%s, %d rows]".formatted(dataset, rows.size());
    }
}
