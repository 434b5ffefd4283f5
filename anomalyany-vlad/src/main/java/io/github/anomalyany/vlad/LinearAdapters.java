// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import com.google.common.hash.Hashing;
import io.github.anomalyany.ModelLoadException;
import io.github.anomalyany.djl.SafetensorsFile;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.vlad.internal.TensorFloats;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * VLAD's adapters: one linear layer a stage for patch tokens, and one for the picture's embedding that begins as the identity
 * (spec §3.1–3.2). Immutable, safe for many threads.
 */
public final class LinearAdapters implements FeatureAdapter {
    /** Version of the file format. */
    private static final String FORMAT = "1";

    private final Shape shape;
    private final List<float[]> weights;
    private final List<float[]> biases;
    private final float[] imageWeight;
    private final float[] imageBias;
    private final boolean trained;
    private final Map<String, String> notes;
    private final String digest;

    private LinearAdapters(
            Shape shape,
            List<float[]> weights,
            List<float[]> biases,
            float[] imageWeight,
            float[] imageBias,
            boolean trained,
            Map<String, String> notes) {
        this.shape = shape;
        this.weights = weights;
        this.biases = biases;
        this.imageWeight = imageWeight;
        this.imageBias = imageBias;
        this.trained = trained;
        this.notes = Map.copyOf(notes);
        this.digest = digest();
    }

    /**
     * Makes adapters of numbers.
     *
     * @param shape what they fit
     * @param parameters weight {@code [sharedWidth][tokenWidth]} and bias of each stage, then weight and bias for pictures;
     *     copied
     * @param trained whether they were trained
     * @param notes what to keep with them: backbone, settings
     * @return the adapters
     * @throws IllegalArgumentException if a length doesn't fit or a number isn't finite
     */
    public static LinearAdapters of(Shape shape, List<float[]> parameters, boolean trained, Map<String, String> notes) {
        if (parameters.size() != 2 * shape.stages() + 2) {
            throw new IllegalArgumentException(
                    "parameters must be %d arrays but were %d".formatted(2 * shape.stages() + 2, parameters.size()));
        }
        var copies = new ArrayList<float[]>();
        for (int i = 0; i < parameters.size(); i++) {
            boolean ofPictures = i >= 2 * shape.stages();
            int width = ofPictures ? shape.sharedWidth() : shape.tokenWidth();
            int wanted = shape.sharedWidth() * (i % 2 == 0 ? width : 1);
            if (parameters.get(i).length != wanted) {
                throw new IllegalArgumentException("parameters[%d] must have %d numbers but had %d"
                        .formatted(i, wanted, parameters.get(i).length));
            }
            for (float number : parameters.get(i)) {
                if (!Float.isFinite(number)) {
                    throw new IllegalArgumentException("parameters[%d] must be finite but had %s".formatted(i, number));
                }
            }
            copies.add(parameters.get(i).clone());
        }
        var weights = new ArrayList<float[]>();
        var biases = new ArrayList<float[]>();
        for (int stage = 0; stage < shape.stages(); stage++) {
            weights.add(copies.get(2 * stage));
            biases.add(copies.get(2 * stage + 1));
        }
        int last = 2 * shape.stages();
        return new LinearAdapters(shape, weights, biases, copies.get(last), copies.get(last + 1), trained, notes);
    }

    /**
     * Untrained adapters with one matrix for every stage.
     *
     * @param shape what they fit
     * @param matrix {@code [sharedWidth][tokenWidth]}: CLIP's own projection
     * @return adapters whose biases are zero
     */
    public static LinearAdapters projecting(Shape shape, float[] matrix) {
        var parameters = new ArrayList<float[]>();
        for (int stage = 0; stage < shape.stages(); stage++) {
            parameters.add(matrix);
            parameters.add(new float[shape.sharedWidth()]);
        }
        parameters.add(identity(shape.sharedWidth()));
        parameters.add(new float[shape.sharedWidth()]);
        return of(shape, parameters, false, Map.of());
    }

    /**
     * Untrained adapters as PyTorch's linear layer begins: uniform in ±1/√tokenWidth; the identity for pictures.
     *
     * @param shape what they fit
     * @param seed of the random numbers
     * @return the adapters
     */
    public static LinearAdapters random(Shape shape, long seed) {
        var random = new SplittableRandom(seed);
        float bound = (float) (1 / Math.sqrt(shape.tokenWidth()));
        var parameters = new ArrayList<float[]>();
        for (int stage = 0; stage < shape.stages(); stage++) {
            parameters.add(uniform(random, bound, shape.sharedWidth() * shape.tokenWidth()));
            parameters.add(uniform(random, bound, shape.sharedWidth()));
        }
        parameters.add(identity(shape.sharedWidth()));
        parameters.add(new float[shape.sharedWidth()]);
        return of(shape, parameters, false, Map.of());
    }

    private static float[] uniform(SplittableRandom random, float bound, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = bound * (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1);
        }
        return numbers;
    }

    /**
     * The matrix that changes nothing.
     *
     * @param width its side
     * @return {@code [width][width]}
     */
    static float[] identity(int width) {
        float[] matrix = new float[width * width];
        for (int i = 0; i < width; i++) {
            matrix[i * width + i] = 1;
        }
        return matrix;
    }

    @Override
    public String description() {
        return "linear(%d×%d→%d, %s)".formatted(shape.stages(), shape.tokenWidth(), shape.sharedWidth(), digest);
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public boolean isTrained() {
        return trained;
    }

    /**
     * What was kept with the adapters.
     *
     * @return an unmodifiable map
     */
    public Map<String, String> notes() {
        return notes;
    }

    /**
     * All numbers in the order of {@link #of}.
     *
     * @return copies
     */
    public List<float[]> parameters() {
        var all = new ArrayList<float[]>();
        for (int stage = 0; stage < shape.stages(); stage++) {
            all.add(weights.get(stage).clone());
            all.add(biases.get(stage).clone());
        }
        all.add(imageWeight.clone());
        all.add(imageBias.clone());
        return all;
    }

    @Override
    public float[] patches(int stage, float[] tokens, int count) {
        return linear(tokens, count, shape.tokenWidth(), weights.get(stage), biases.get(stage));
    }

    @Override
    public float[] images(float[] embeddings, int count) {
        return linear(embeddings, count, shape.sharedWidth(), imageWeight, imageBias);
    }

    private static float[] linear(float[] rows, int count, int width, float[] weight, float[] bias) {
        float[] result = new float[count * bias.length];
        for (int row = 0; row < count; row++) {
            for (int out = 0; out < bias.length; out++) {
                double sum = bias[out];
                for (int in = 0; in < width; in++) {
                    sum += (double) weight[out * width + in] * rows[row * width + in];
                }
                result[row * bias.length + out] = (float) sum;
            }
        }
        return result;
    }

    private String digest() {
        var hasher = Hashing.sha256().newHasher();
        for (float[] numbers : parameters()) {
            for (float number : numbers) {
                hasher.putFloat(number);
            }
        }
        return hasher.hash().toString().substring(0, 16);
    }

    /**
     * Writes the adapters as safetensors (spec §5.8). A file of that name is replaced only once the new one is complete.
     *
     * @param file where to; the folder must exist
     * @throws IOException if it can't be written
     */
    public void save(Path file) throws IOException {
        var writer = new SafetensorsWriter()
                .note("format", FORMAT)
                .note("kind", "vlad-adapters")
                .note("trained", Boolean.toString(trained));
        notes.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(note -> writer.note(note.getKey(), note.getValue()));
        for (int stage = 0; stage < shape.stages(); stage++) {
            String name = "adapter.patch." + stage;
            writer.tensor(name + ".weight", weights.get(stage), shape.sharedWidth(), shape.tokenWidth());
            writer.tensor(name + ".bias", biases.get(stage), shape.sharedWidth());
        }
        writer.tensor("adapter.cls.weight", imageWeight, shape.sharedWidth(), shape.sharedWidth());
        writer.tensor("adapter.cls.bias", imageBias, shape.sharedWidth());
        writer.write(file);
    }

    /**
     * Reads adapters that {@link #save} wrote.
     *
     * @param file where from
     * @return the adapters
     * @throws ModelLoadException if the file can't be read or holds no adapters
     */
    public static LinearAdapters load(Path file) {
        try (var stored = SafetensorsFile.open(file)) {
            var notes = new LinkedHashMap<>(stored.metadata());
            String format = notes.remove("format");
            if (!"vlad-adapters".equals(notes.remove("kind")) || !FORMAT.equals(format)) {
                throw new ModelLoadException(
                        file, "holds no VLAD adapters of format %s but of format %s".formatted(FORMAT, format));
            }
            boolean trained = Boolean.parseBoolean(notes.remove("trained"));
            int stages = 0;
            while (stored.entries().containsKey("adapter.patch." + stages + ".weight")) {
                stages++;
            }
            if (stages == 0) {
                throw new ModelLoadException(file, "lacks adapter.patch.0.weight");
            }
            var parameters = new ArrayList<float[]>();
            for (int stage = 0; stage < stages; stage++) {
                parameters.add(TensorFloats.read(stored.get("adapter.patch." + stage + ".weight")));
                parameters.add(TensorFloats.read(stored.get("adapter.patch." + stage + ".bias")));
            }
            parameters.add(TensorFloats.read(stored.get("adapter.cls.weight")));
            parameters.add(TensorFloats.read(stored.get("adapter.cls.bias")));
            return checked(file, shape(file, stored, "adapter.patch.0.weight", stages), parameters, trained, notes);
        }
    }

    /**
     * Reads the trained layers of APRIL-GAN, converted to safetensors: {@code trainable_linearlayer.fc.0.weight} and so on,
     * or the same without the first part. They were trained for ViT-L/14@336 at 518 pixels with {@link
     * BackboneSpec.Activation#GELU}.
     *
     * @param file where from
     * @return adapters whose layer for pictures is the identity
     * @throws ModelLoadException if the file can't be read or holds no such layers
     */
    public static LinearAdapters importAprilGan(Path file) {
        try (var stored = SafetensorsFile.open(file)) {
            String prefix = stored.entries().containsKey("fc.0.weight") ? "fc." : "trainable_linearlayer.fc.";
            int stages = 0;
            while (stored.entries().containsKey(prefix + stages + ".weight")) {
                stages++;
            }
            if (stages == 0) {
                throw new ModelLoadException(file, "lacks trainable_linearlayer.fc.0.weight");
            }
            var parameters = new ArrayList<float[]>();
            for (int stage = 0; stage < stages; stage++) {
                parameters.add(TensorFloats.read(stored.get(prefix + stage + ".weight")));
                parameters.add(TensorFloats.read(stored.get(prefix + stage + ".bias")));
            }
            var shape = shape(file, stored, prefix + "0.weight", stages);
            parameters.add(identity(shape.sharedWidth()));
            parameters.add(new float[shape.sharedWidth()]);
            return checked(file, shape, parameters, true, Map.of("source", "APRIL-GAN"));
        }
    }

    private static Shape shape(Path file, SafetensorsFile stored, String name, int stages) {
        long[] sides = stored.get(name).shape();
        if (sides.length != 2) {
            throw new ModelLoadException(file, name, "must be a matrix", null);
        }
        return new Shape(stages, (int) sides[1], (int) sides[0]);
    }

    private static LinearAdapters checked(
            Path file, Shape shape, List<float[]> parameters, boolean trained, Map<String, String> notes) {
        try {
            return of(shape, parameters, trained, notes);
        } catch (IllegalArgumentException e) {
            throw new ModelLoadException(file, null, "is damaged: " + e.getMessage(), e);
        }
    }
}
