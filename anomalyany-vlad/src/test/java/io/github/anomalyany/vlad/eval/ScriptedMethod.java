// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.FakeDetector;
import io.github.anomalyany.vlad.data.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A method that scores by a function and notes how it is called. */
final class ScriptedMethod implements EvaluationMethod {
    /** Gives a picture's score. */
    interface Script {
        double score(Preparation preparation, RgbImage image);
    }

    private final String name;
    private final Script script;
    private String description = "scripted";
    final List<String> begun = new ArrayList<>();
    final List<Preparation> prepared = new ArrayList<>();
    int examined;
    int closed;

    ScriptedMethod(String name, Script script) {
        this.name = name;
        this.script = script;
    }

    /** The red of the first pixel. */
    static ScriptedMethod red(String name) {
        return new ScriptedMethod(name, (preparation, image) -> FakeDetector.red(image));
    }

    ScriptedMethod description(String newDescription) {
        description = newDescription;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void begin(int shots, long seed, Map<String, List<Sample>> normals) {
        begun.add("%d-shot, seed %d, %s"
                .formatted(
                        shots,
                        seed,
                        normals.entrySet().stream()
                                .map(entry ->
                                        entry.getKey() + " " + entry.getValue().size())
                                .toList()));
    }

    @Override
    public Examiner prepare(Preparation preparation) {
        prepared.add(preparation);
        return new Examiner() {
            @Override
            public List<Detection> examine(List<RgbImage> images) {
                examined += images.size();
                return images.stream()
                        .map(image -> FakeDetector.detection(
                                script.score(preparation, image), FakeDetector.green(image), "scripted"))
                        .toList();
            }

            @Override
            public void close() {
                closed++;
            }
        };
    }
}
