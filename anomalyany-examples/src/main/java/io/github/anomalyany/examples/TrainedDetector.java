// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.SamplePlan;
import io.github.anomalyany.vlad.TrainingFolder;
import io.github.anomalyany.vlad.TrainingSample;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladTrainer;
import io.github.anomalyany.vlad.data.Sample;
import io.github.anomalyany.vlad.eval.EvaluationMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * VLAD trained on anomalies that a generator makes of the good pictures at hand, and nothing else: generate, train, index. One
 * adapter serves all categories. What was generated stays in a folder for the next time.
 */
final class TrainedDetector implements EvaluationMethod, AutoCloseable {
    private final String name;
    private final Path model;
    private final AnomalyGenerator generator;
    private final SamplePlan plan;
    private final TrainingSettings training;
    private final Path folder;
    private final Consumer<String> out;
    private @Nullable VladDetector detector;

    /**
     * Prepares the method.
     *
     * @param name what it is called in tables
     * @param model the CLIP model's folder
     * @param generator makes the anomalies; stays the caller's to close
     * @param plan how many and of what kind
     * @param training how to train
     * @param folder where anomalies and features are kept
     * @param out for progress
     */
    TrainedDetector(
            String name,
            Path model,
            AnomalyGenerator generator,
            SamplePlan plan,
            TrainingSettings training,
            Path folder,
            Consumer<String> out) {
        this.name = name;
        this.model = model;
        this.generator = generator;
        this.plan = plan;
        this.training = training;
        this.folder = folder;
        this.out = out;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "VLAD, %s, %d anomalies of each good picture (%s; %s), %s"
                .formatted(name, plan.perNormal(), plan.prompts(), plan.region().description(), training.description());
    }

    @Override
    public void begin(int shots, long seed, Map<String, List<Sample>> normals) throws IOException {
        close();
        var anomalies = TrainingFolder.of(folder.resolve("anomalies"));
        var samples = new ArrayList<TrainingSample>();
        for (var category : normals.entrySet()) {
            var images = new ArrayList<RgbImage>();
            for (var sample : category.getValue()) {
                images.add(sample.readImage());
            }
            int made = anomalies.generate(generator, category.getKey(), images, plan, new CancellationToken());
            out.accept(
                    "%s, %d-shot, seed %d: %d anomalies of %s".formatted(name, shots, seed, made, category.getKey()));
            samples.addAll(anomalies.samplesOf(category.getKey(), images));
        }
        try (var trainer = VladTrainer.builder()
                .modelDirectory(model)
                .training(training.toBuilder().seed(seed).build())
                .cacheDirectory(folder.resolve("features"))
                .build()) {
            var result = trainer.train(samples);
            var losses = result.losses();
            out.accept("%s, %d-shot, seed %d: trained in %.0f s, loss %.3f to %.3f"
                    .formatted(
                            name,
                            shots,
                            seed,
                            result.elapsed().toMillis() / 1e3,
                            losses.get(0),
                            losses.get(losses.size() - 1)));
            detector = VladDetector.builder()
                    .modelDirectory(model)
                    .adapter(result.adapters())
                    .build();
        }
    }

    @Override
    public Examiner prepare(Preparation preparation) throws IOException {
        VladDetector trained = detector;
        if (trained == null) {
            throw new IllegalStateException("begin comes before prepare");
        }
        var bank = trained.index(preparation.category(), preparation.images());
        return new Examiner() {
            @Override
            public List<Detection> examine(List<RgbImage> images) {
                return trained.detect(images, preparation.category(), Optional.of(bank), DetectOptions.none());
            }

            @Override
            public int batchSize() {
                return trained.batchSize();
            }
        };
    }

    /** Frees the last detector. */
    @Override
    public void close() {
        if (detector != null) {
            detector.close();
        }
        detector = null;
    }
}
