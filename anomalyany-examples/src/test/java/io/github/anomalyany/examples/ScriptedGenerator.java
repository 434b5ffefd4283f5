// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationListener.StepEvent;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.Provenance;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict;
import io.github.anomalyany.Verdict.Criterion;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.VisibleChange;
import io.github.anomalyany.WordAttention;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.image.ScoreMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Blackens one corner, rejects every second picture, and remembers what it was asked for. */
final class ScriptedGenerator implements AnomalyGenerator {
    private static final int STEPS = 5;

    final List<GenerationRequest> requests = new ArrayList<>();
    boolean closed;

    @Override
    public GenerationResult generate(GenerationRequest request, RunControl control) {
        requests.add(request);
        var accepted = new ArrayList<GeneratedAnomaly>();
        var rejected = new ArrayList<GeneratedAnomaly>();
        for (int i = 0; i < request.count(); i++) {
            for (int step = 0; step < STEPS; step++) {
                control.listener()
                        .onStep(new StepEvent(
                                i,
                                request.count(),
                                step,
                                STEPS,
                                0,
                                OptionalDouble.empty(),
                                OptionalDouble.empty(),
                                Duration.ZERO,
                                Duration.ZERO,
                                request::normal));
            }
            var made = make(request, i);
            control.listener().onImage(made);
            (made.verdict().accepted() ? accepted : rejected).add(made);
        }
        return new GenerationResult(accepted, rejected, Duration.ofMillis(1234));
    }

    private static GeneratedAnomaly make(GenerationRequest request, int index) {
        int width = request.normal().width();
        int height = request.normal().height();
        byte[] rgb = request.normal().toBytes();
        rgb[0] = rgb[1] = rgb[2] = (byte) index;
        float[] scores = new float[width * height];
        scores[0] = 1;
        var verdict = new Verdict(
                index % 2 == 0 ? List.of() : List.of(new Reason(Criterion.NO_VISIBLE_CHANGE, "no visible change")));
        return new GeneratedAnomaly(
                RgbImage.of(width, height, rgb),
                Mask.rectangle(width, height, new Region(0, 0, 1, 1)),
                ScoreMap.of(width, height, scores),
                request.emphasized().stream()
                        .map(word -> new WordAttention(word, 2, 2, new float[] {.1f, .2f, .3f, .4f}, .5, .25))
                        .toList(),
                new VisibleChange(1, 10, 10, 1, 0, 1),
                verdict,
                new Provenance(
                        "fake-" + index,
                        Map.of(
                                "index",
                                index,
                                "clipSimilarity",
                                Map.of("made", 0.75, "normal", 0.5),
                                "versions",
                                Map.of("fake", "1"))));
    }

    @Override
    public void close() {
        closed = true;
    }
}
