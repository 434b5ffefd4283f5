// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.Lists;
import com.google.common.hash.Hashing;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.data.Sample;
import io.github.anomalyany.vlad.eval.EvaluationListener.Progress;
import io.github.anomalyany.vlad.eval.EvaluationMethod.Examiner;
import io.github.anomalyany.vlad.eval.EvaluationMethod.Preparation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of an evaluation: reads the finished cells, evaluates the others, reports. */
final class EvaluationRun {
    private static final Logger log = LoggerFactory.getLogger(EvaluationRun.class);

    private final Evaluation evaluation;
    private final Fingerprints fingerprints;
    private final Path folder;
    private final EvaluationResults results;
    private final long start = System.nanoTime();
    private final int cells;
    private final long pictures;
    private int cellsDone;
    private long picturesDone;
    private long picturesOfEarlierRuns;

    EvaluationRun(Evaluation evaluation) {
        this.evaluation = evaluation;
        fingerprints = new Fingerprints(evaluation);
        folder = evaluation.output.resolve("cells");
        results = new EvaluationResults(evaluation, Round.all(evaluation));
        cells = results.rounds().size() * evaluation.dataset.categories().size();
        pictures = results.rounds().size()
                * evaluation.dataset.categories().stream()
                        .mapToLong(category ->
                                evaluation.dataset.category(category).test().size())
                        .sum();
    }

    EvaluationReport run() throws IOException {
        if (!Files.isDirectory(folder)) { // createDirectories alone refuses a link to a folder
            Files.createDirectories(folder);
        }
        var open = new LinkedHashMap<Round, Map<String, CellFile>>();
        for (var round : results.rounds()) {
            var unfinished = resume(round);
            if (!unfinished.isEmpty()) {
                open.put(round, unfinished);
            }
        }
        for (var entry : open.entrySet()) {
            evaluate(entry.getKey(), entry.getValue());
        }
        var report = results.report(fingerprints);
        report.write(evaluation.output);
        return report;
    }

    /** Takes the finished cells of a round and returns the others. */
    private Map<String, CellFile> resume(Round round) throws IOException {
        var unfinished = new LinkedHashMap<String, CellFile>();
        for (var category : evaluation.dataset.categories()) {
            var file = file(round, category);
            var cell = file.read();
            if (cell.isEmpty()) {
                unfinished.put(category, file);
                continue;
            }
            results.put(round, category, cell.get());
            cellsDone++;
            picturesOfEarlierRuns += cell.get().pictures().size();
            picturesDone += cell.get().pictures().size();
            tell(round, category, true);
        }
        return unfinished;
    }

    private void evaluate(Round round, Map<String, CellFile> unfinished) throws IOException {
        checkNotCancelled();
        if (round.method().usesNormals()) {
            round.method().begin(round.shots(), round.seed(), round.normals());
        }
        for (var entry : unfinished.entrySet()) {
            checkNotCancelled();
            var cell = evaluate(round, entry.getKey());
            entry.getValue().write(cell);
            results.put(round, entry.getKey(), cell);
            cellsDone++;
            tell(round, entry.getKey(), false);
        }
    }

    private Cell evaluate(Round round, String category) throws IOException {
        var samples = evaluation.dataset.category(category).test();
        var measurement = new CellMeasurement(evaluation, samples.size());
        var preparation = new Preparation(category, round.normals(category), round.shots(), round.seed());
        try (var examiner = round.method().prepare(preparation)) {
            for (var batch : Lists.partition(samples, examiner.batchSize())) {
                checkNotCancelled();
                examine(examiner, batch, measurement);
                picturesDone += batch.size();
                tell(round, category, false);
            }
        }
        return measurement.finish();
    }

    private static void examine(Examiner examiner, List<Sample> batch, CellMeasurement measurement) throws IOException {
        var images = new ArrayList<RgbImage>();
        for (var sample : batch) {
            images.add(sample.readImage());
        }
        var detections = examiner.examine(images);
        if (detections.size() != images.size()) {
            throw new DetectionException("a method must give a detection for each picture but gave %d for %d"
                    .formatted(detections.size(), images.size()));
        }
        for (int i = 0; i < images.size(); i++) {
            measurement.add(batch.get(i), images.get(i), detections.get(i));
        }
    }

    private CellFile file(Round round, String category) throws IOException {
        var about = new LinkedHashMap<String, Object>();
        about.put("dataset", evaluation.dataset.name());
        about.put("method", round.method().name());
        about.put("description", fingerprints.description(round.method()));
        about.put("shots", round.shots());
        about.put("seed", round.seed());
        about.put("category", category);
        return new CellFile(folder.resolve(fileName(round, category)), about, fingerprints.of(round, category));
    }

    /** A name that any file system takes, different for different cells. */
    private static String fileName(Round round, String category) {
        String key = "%s\n%d\n%d\n%s".formatted(round.method().name(), round.shots(), round.seed(), category);
        String readable = "%s-%d-shot-seed-%d-%s"
                .formatted(shortened(round.method().name()), round.shots(), round.seed(), shortened(category));
        String digest = Hashing.sha256().hashString(key, UTF_8).toString().substring(0, 12);
        return readable + "-" + digest + ".json";
    }

    private static String shortened(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return plain.substring(0, Math.min(40, plain.length()));
    }

    private void checkNotCancelled() {
        if (evaluation.cancellation.isCancelled() || Thread.currentThread().isInterrupted()) {
            throw new EvaluationCancelledException(
                    "the evaluation was cancelled with %d of %d cells finished; run it again with the same output to go on"
                            .formatted(cellsDone, cells));
        }
    }

    private void tell(Round round, String category, boolean resumed) {
        long elapsed = System.nanoTime() - start;
        long examined = picturesDone - picturesOfEarlierRuns;
        double remaining = examined == 0 ? 0 : (double) elapsed / examined * (pictures - picturesDone);
        var progress = new Progress(
                round.method().name(),
                round.shots(),
                round.seed(),
                category,
                resumed,
                cellsDone,
                cells,
                picturesDone,
                pictures,
                Duration.ofNanos(elapsed),
                Duration.ofNanos((long) remaining));
        try {
            evaluation.listener.onProgress(progress);
        } catch (RuntimeException e) {
            log.warn("a listener failed", e);
        }
    }
}
