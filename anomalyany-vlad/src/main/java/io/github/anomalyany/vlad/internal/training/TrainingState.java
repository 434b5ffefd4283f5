// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.SafetensorsFile;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.vlad.internal.TensorFloats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Everything that training goes on from after a whole epoch.
 *
 * @param parameters the adapters' numbers
 * @param means Adam's means
 * @param squares Adam's means of squares
 * @param steps steps taken
 * @param losses mean loss of each epoch
 */
record TrainingState(
        List<float[]> parameters, List<float[]> means, List<float[]> squares, int steps, List<Double> losses) {
    private static final String KIND = "vlad-training";

    static TrainingState start(List<float[]> parameters) {
        return new TrainingState(parameters, zeros(parameters), zeros(parameters), 0, List.of());
    }

    private static List<float[]> zeros(List<float[]> like) {
        return like.stream().map(numbers -> new float[numbers.length]).toList();
    }

    /** Arrays of its own. */
    TrainingState copy() {
        return new TrainingState(copy(parameters), copy(means), copy(squares), steps, losses);
    }

    private static List<float[]> copy(List<float[]> arrays) {
        return arrays.stream().map(float[]::clone).toList();
    }

    int epochs() {
        return losses.size();
    }

    void save(Path file, String task) throws IOException {
        var writer = new SafetensorsWriter()
                .note("kind", KIND)
                .note("task", task)
                .note("steps", Integer.toString(steps))
                .note("losses", losses.toString());
        for (int i = 0; i < parameters.size(); i++) {
            writer.tensor("parameters." + i, parameters.get(i), parameters.get(i).length);
            writer.tensor("means." + i, means.get(i), means.get(i).length);
            writer.tensor("squares." + i, squares.get(i), squares.get(i).length);
        }
        writer.write(file);
    }

    /** Reads a state, refusing one of another task. */
    static TrainingState load(Path file, String task, List<float[]> like) {
        try (var stored = SafetensorsFile.open(file)) {
            var notes = stored.metadata();
            if (!KIND.equals(notes.get("kind"))) {
                throw new ModelLoadException(file, "holds no state of training; name another file or delete it");
            }
            if (!task.equals(notes.get("task"))) {
                throw new IllegalArgumentException(
                        "%s is the state of another training (backbone, settings or samples differ): name another file or delete it. It has [%s], this is [%s]"
                                .formatted(file, notes.get("task"), task));
            }
            return new TrainingState(
                    read(stored, "parameters.", like),
                    read(stored, "means.", like),
                    read(stored, "squares.", like),
                    Integer.parseInt(notes.getOrDefault("steps", "0")),
                    losses(notes.getOrDefault("losses", "[]")));
        } catch (NumberFormatException e) {
            throw new ModelLoadException(file, null, "is damaged: " + e.getMessage(), e);
        }
    }

    private static List<float[]> read(SafetensorsFile stored, String prefix, List<float[]> like) {
        var arrays = new ArrayList<float[]>();
        for (int i = 0; i < like.size(); i++) {
            float[] numbers = TensorFloats.read(stored.get(prefix + i));
            if (numbers.length != like.get(i).length) {
                throw new ModelLoadException(
                        stored.path(),
                        prefix + i,
                        "has %d numbers but %d are wanted".formatted(numbers.length, like.get(i).length),
                        null);
            }
            arrays.add(numbers);
        }
        return arrays;
    }

    private static List<Double> losses(String list) {
        String inner = list.substring(1, list.length() - 1);
        return inner.isEmpty()
                ? List.of()
                : Arrays.stream(inner.split(", ")).map(Double::valueOf).toList();
    }
}
