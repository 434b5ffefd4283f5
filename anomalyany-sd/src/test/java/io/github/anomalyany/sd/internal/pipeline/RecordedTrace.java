// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.JsonReader;
import io.github.anomalyany.golden.SafetensorsFile;
import io.github.anomalyany.noise.NoiseSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** One recorded run of the released code: settings, numbers and tensors, as the traces' README describes them. */
final class RecordedTrace {
    private static final float NOISE_UNIT = 1 / 32f;

    private final Path folder;
    private final String name;
    private final Map<String, Object> json;
    private final SafetensorsFile tensors;

    RecordedTrace(Path folder, String name) {
        this.folder = folder;
        this.name = name;
        json = JsonReader.object(folder.resolve(name));
        tensors = SafetensorsFile.read(file("tensors").orElseThrow());
    }

    /** All runs that a folder's index lists. */
    static List<RecordedTrace> all(Path folder) {
        var index = JsonReader.object(folder.resolve("index.json"));
        return JsonReader.asList(index.get("traces")).stream()
                .map(name -> new RecordedTrace(folder, (String) name))
                .toList();
    }

    Optional<Path> file(String kind) {
        Object file = JsonReader.asObject(json.get("files")).get(kind);
        return file == null ? Optional.empty() : Optional.of(folder.resolve((String) file));
    }

    Path model(String kind) {
        return folder.resolve((String)
                Objects.requireNonNull(JsonReader.asObject(json.get("models")).get(kind)));
    }

    String text(String key) {
        return (String) Objects.requireNonNull(json.get(key), key);
    }

    double number(String key) {
        return ((Number) Objects.requireNonNull(json.get(key), key)).doubleValue();
    }

    int[] numbers(String key) {
        return JsonReader.asInts(json.get(key));
    }

    double first(String list) {
        return ((Number) JsonReader.asList(json.get(list)).get(0)).doubleValue();
    }

    /** The threshold of a step. */
    double threshold(int step) {
        return ((Number) Objects.requireNonNull(
                        JsonReader.asObject(json.get("thresholds")).get(Integer.toString(step))))
                .doubleValue();
    }

    boolean masked() {
        return Boolean.TRUE.equals(json.get("masked"));
    }

    /** What was written down of one loop step. */
    Map<String, Object> step(int step) {
        return JsonReader.asObject(JsonReader.asList(json.get("steps")).get(step));
    }

    int steps() {
        return JsonReader.asList(json.get("steps")).size();
    }

    boolean has(String tensor) {
        return tensors.names().contains(tensor);
    }

    GoldenTensor tensor(String tensor) {
        return tensors.tensor(tensor);
    }

    float[] floats(String tensor) {
        return tensors.tensor(tensor).toFloats();
    }

    /** Gives back the recorded noise. Backgrounds that weren't kept have no influence. */
    NoiseSource noise() {
        return new NoiseSource() {
            @Override
            public String description() {
                return "recorded(" + name + ")";
            }

            @Override
            public Stream open(long seed, int image) {
                return (purpose, step, count) -> switch (purpose) {
                    case POSTERIOR -> recorded("noise.posterior");
                    case INITIAL -> recorded("noise.initial");
                    case BACKGROUND ->
                        has("noise.background." + step) ? recorded("noise.background." + step) : new float[count];
                    case STEP -> throw new IllegalStateException("the released code draws no noise in a step");
                };
            }
        };
    }

    private float[] recorded(String tensor) {
        float[] noise = floats(tensor);
        for (int i = 0; i < noise.length; i++) {
            noise[i] *= NOISE_UNIT;
        }
        return noise;
    }

    @Override
    public String toString() {
        return name;
    }
}
