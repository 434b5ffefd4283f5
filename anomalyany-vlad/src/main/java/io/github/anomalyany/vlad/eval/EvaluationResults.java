// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.vlad.eval.EvaluationReport.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.DoubleStream;

/** The finished cells, and what a report says of them. */
final class EvaluationResults {
    /** Misses of each kind that a report shows of a method. */
    private static final int SHOWN = 8;

    private final Evaluation evaluation;
    private final List<Round> rounds;
    private final Map<Round, Map<String, Cell>> cells = new HashMap<>();

    EvaluationResults(Evaluation evaluation, List<Round> rounds) {
        this.evaluation = evaluation;
        this.rounds = List.copyOf(rounds);
    }

    List<Round> rounds() {
        return rounds;
    }

    void put(Round round, String category, Cell cell) {
        // the maps of other rounds would only take memory
        cells.computeIfAbsent(round, key -> new LinkedHashMap<>())
                .put(category, round.equals(shown(round.method())) ? cell : cell.withoutCandidates());
    }

    private Cell cell(Round round, String category) {
        return Objects.requireNonNull(
                Objects.requireNonNull(cells.get(round), "round").get(category), "cell");
    }

    /** The round whose misses are shown: the most shots, the first seed. */
    private Round shown(EvaluationMethod method) {
        return rounds.stream()
                .filter(round -> round.method().equals(method))
                .reduce((first, second) -> second.shots() > first.shots() ? second : first)
                .orElseThrow();
    }

    EvaluationReport report(Fingerprints fingerprints) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("side", evaluation.side);
        settings.put("masks", evaluation.masks.name());
        settings.put("proLimit", evaluation.proLimit);
        settings.put("exactPixels", evaluation.exactPixels);
        var methods = new LinkedHashMap<String, String>();
        evaluation.methods.forEach(method -> methods.put(method.name(), fingerprints.description(method)));
        return new EvaluationReport(
                evaluation.dataset.name(), evaluation.dataset.categories(), settings, methods, rows(), misses());
    }

    private List<Row> rows() {
        var allShots = new TreeSet<Integer>();
        rounds.forEach(round -> allShots.add(round.shots()));
        var rows = new ArrayList<Row>();
        for (int shots : allShots) {
            for (var method : evaluation.methods) {
                var ofRow = rounds.stream()
                        .filter(round -> round.method().equals(method) && round.shots() == shots)
                        .toList();
                if (!ofRow.isEmpty()) {
                    rows.add(row(shots, method.name(), ofRow));
                }
            }
        }
        return rows;
    }

    private Row row(int shots, String method, List<Round> ofRow) {
        var categories = new LinkedHashMap<String, Map<Metric, Spread>>();
        for (var category : evaluation.dataset.categories()) {
            var spreads = new EnumMap<Metric, Spread>(Metric.class);
            for (var metric : Metric.values()) {
                spreads.put(
                        metric,
                        Spread.of(ofRow.stream()
                                .map(round -> value(round, category, metric))
                                .toList()));
            }
            categories.put(category, spreads);
        }
        var average = new EnumMap<Metric, Spread>(Metric.class);
        for (var metric : Metric.values()) {
            average.put(
                    metric,
                    Spread.of(
                            ofRow.stream().map(round -> average(round, metric)).toList()));
        }
        return new Row(shots, method, ofRow.stream().map(Round::seed).toList(), average, categories);
    }

    private double value(Round round, String category, Metric metric) {
        return cell(round, category).metrics().getOrDefault(metric, Double.NaN);
    }

    /** Unweighted over the categories; NaN if one is, since an average of some categories isn't that of the dataset. */
    private double average(Round round, Metric metric) {
        return evaluation.dataset.categories().stream()
                .mapToDouble(category -> value(round, category, metric))
                .average()
                .orElse(Double.NaN);
    }

    private List<Miss> misses() {
        var misses = new ArrayList<Miss>();
        for (int i = 0; i < evaluation.methods.size(); i++) {
            var round = shown(evaluation.methods.get(i));
            var prefix = "misses/" + (i + 1) + "-";
            misses.addAll(misses(round, false, prefix + "good-"));
            misses.addAll(misses(round, true, prefix + "anomalous-"));
        }
        return misses;
    }

    private List<Miss> misses(Round round, boolean anomalous, String prefix) {
        double low = ofCells(round, Cell::pixelMean).average().orElse(0);
        double high =
                Math.max(ofCells(round, Cell::pixelMax).max().orElse(1), low + Math.max(1e-6, 1e-6 * Math.abs(low)));
        var found = new ArrayList<Miss>();
        for (var category : evaluation.dataset.categories()) {
            var cell = cell(round, category);
            for (var candidate : cell.candidates()) {
                int index = candidate.index();
                if (cell.pictures().get(index).anomalous() == anomalous) {
                    var sample = evaluation.dataset.category(category).test().get(index);
                    found.add(new Miss(
                            round,
                            category,
                            sample,
                            cell.pictures().get(index),
                            cell.wrongSide(index),
                            cell.towardsOtherKind(index),
                            candidate.map(),
                            low,
                            high,
                            ""));
                }
            }
        }
        found.sort(Comparator.comparingDouble(Miss::wrongSide)
                .thenComparingDouble(Miss::towardsOtherKind)
                .reversed());
        var shown = new ArrayList<Miss>();
        for (var miss : found.subList(0, Math.min(SHOWN, found.size()))) {
            shown.add(miss.withFile(prefix + (shown.size() + 1) + ".png"));
        }
        return shown;
    }

    private DoubleStream ofCells(Round round, java.util.function.ToDoubleFunction<Cell> value) {
        return evaluation.dataset.categories().stream()
                .map(category -> cell(round, category))
                .filter(cell -> !cell.pictures().isEmpty())
                .mapToDouble(value);
    }
}
