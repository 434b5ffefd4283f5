// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.anomalyany.internal.image.WholeFile;
import io.github.anomalyany.internal.json.Json;
import io.github.anomalyany.vlad.eval.Cell.Candidate;
import io.github.anomalyany.vlad.eval.Cell.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A finished cell on disk, as JSON.
 *
 * @param file where it is, or will be
 * @param about what was evaluated, for people
 * @param fingerprint of everything that its numbers depend on
 */
record CellFile(Path file, Map<String, Object> about, String fingerprint) {
    private static final Logger log = LoggerFactory.getLogger(CellFile.class);

    void write(Cell cell) throws IOException {
        var metrics = new LinkedHashMap<String, Object>();
        cell.metrics().forEach((metric, value) -> metrics.put(metric.label(), value));
        var pictures = new ArrayList<Object>();
        for (var picture : cell.pictures()) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("image", picture.image());
            entry.put("anomalous", picture.anomalous());
            entry.put("score", picture.score());
            pictures.add(entry);
        }
        var candidates = new ArrayList<Object>();
        for (var candidate : cell.candidates()) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("index", candidate.index());
            entry.put("low", candidate.map().low());
            entry.put("high", candidate.map().high());
            entry.put("map", candidate.map().png());
            candidates.add(entry);
        }
        var root = new LinkedHashMap<>(about);
        root.put("fingerprint", fingerprint);
        root.put("metrics", metrics);
        root.put("pixelMean", cell.pixelMean());
        root.put("pixelMax", cell.pixelMax());
        root.put("pictures", pictures);
        root.put("candidates", candidates);
        WholeFile.write(file, (Json.write(root) + "\n").getBytes(UTF_8));
    }

    /** The cell, unless it isn't there, is damaged, or is of something else. */
    Optional<Cell> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String text = new String(Files.readAllBytes(file), UTF_8);
        try {
            var root = JsonParser.parseString(text).getAsJsonObject();
            if (root.get("fingerprint").getAsString().equals(fingerprint)) {
                return Optional.of(cell(root));
            }
            log.info("{} was made with other pictures, settings or another model and is done again", file);
        } catch (RuntimeException | IOException e) {
            log.warn("{} is damaged and is done again: {}", file, e.toString());
        }
        return Optional.empty();
    }

    private static Cell cell(JsonObject root) throws IOException {
        var stored = root.getAsJsonObject("metrics");
        var metrics = new EnumMap<Metric, Double>(Metric.class);
        for (var metric : Metric.values()) {
            metrics.put(metric, number(stored.get(metric.label())));
        }
        var pictures = new ArrayList<Picture>();
        for (var element : root.getAsJsonArray("pictures")) {
            var entry = element.getAsJsonObject();
            pictures.add(new Picture(
                    entry.get("image").getAsString(),
                    entry.get("anomalous").getAsBoolean(),
                    entry.get("score").getAsDouble()));
        }
        var candidates = new ArrayList<Candidate>();
        for (var element : root.getAsJsonArray("candidates")) {
            var entry = element.getAsJsonObject();
            var map = new SmallMap(
                    entry.get("low").getAsDouble(),
                    entry.get("high").getAsDouble(),
                    entry.get("map").getAsString());
            map.map(1, 1); // now, while the cell can still be done again
            candidates.add(new Candidate(Objects.checkIndex(entry.get("index").getAsInt(), pictures.size()), map));
        }
        return new Cell(metrics, number(root.get("pixelMean")), number(root.get("pixelMax")), pictures, candidates);
    }

    private static double number(JsonElement element) {
        return element.isJsonNull() ? Double.NaN : element.getAsDouble();
    }
}
