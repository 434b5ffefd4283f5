// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.anomalyany.Device;
import io.github.anomalyany.djl.Dtype;
import io.github.anomalyany.djl.SafetensorsWriter;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.MapGeometry;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.TrainingSettings.Supervision;
import io.github.anomalyany.vlad.VladLoss;
import io.github.anomalyany.vlad.internal.HalfFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loss and gradients of a step against a reference in double precision. */
class TrainingStepTest {
    private static final int PATCH = 4;
    private static final int SHARED = 6;
    private static final int PICTURES = 3;
    private static final double STEP = 1e-4;
    private static final double TOLERANCE = 1e-4;

    private static TensorRuntime runtime;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        runtime = TensorRuntime.open(Device.cpu());
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    /**
     * What a test computes.
     *
     * @param seed of all numbers
     * @param supervision which maps the loss sees
     * @param geometry of the maps
     * @param stages of the backbone
     * @param grid patches along a side
     * @param width of tokens
     * @param inputSide pixels
     * @param lossSide pixels
     * @param scale factor of the pixels' cosines
     * @param weights of the loss
     */
    record Task(
            long seed,
            Supervision supervision,
            MapGeometry geometry,
            int stages,
            int grid,
            int width,
            int inputSide,
            int lossSide,
            double scale,
            DoubleTraining.Weights weights) {
        static Task of(long seed) {
            var random = new SplittableRandom(seed);
            var geometries = List.of(MapGeometry.alignCorners(), MapGeometry.halfPixel(), MapGeometry.patchExact());
            int grid = 3 + random.nextInt(2);
            int inputSide = PATCH * grid + random.nextInt(3);
            return new Task(
                    seed,
                    seed % 2 == 0 ? Supervision.FUSED : Supervision.PER_STAGE,
                    geometries.get((int) (seed / 2 % 3)),
                    2 + random.nextInt(2),
                    grid,
                    5 + random.nextInt(3),
                    inputSide,
                    seed % 3 == 0 ? inputSide : 1 + random.nextInt(inputSide),
                    random.nextDouble(5, 30),
                    seed % 4 < 2
                            ? new DoubleTraining.Weights(2, 6, 0.2)
                            : new DoubleTraining.Weights(random.nextDouble(3), random.nextDouble(10), 0.6));
        }

        double imageScale() {
            return scale / 2;
        }

        FeatureAdapter.Shape shape() {
            return new FeatureAdapter.Shape(stages, width, SHARED);
        }

        LossMaps maps() {
            return new LossMaps(geometry, grid, inputSide, PATCH, lossSide);
        }

        TrainingSettings settings(VladLoss loss) {
            return TrainingSettings.builder()
                    .supervision(supervision)
                    .loss(loss)
                    .build();
        }

        TrainingStep step(VladLoss loss) {
            return new TrainingStep(runtime, shape(), grid * grid, imageScale(), scale, maps(), settings(loss));
        }

        DoubleTraining reference() {
            return new DoubleTraining(
                    weights,
                    geometry.operator(grid, inputSide, PATCH),
                    lossSide,
                    imageScale(),
                    scale,
                    supervision == Supervision.FUSED);
        }

        VladLoss loss() {
            return VladLoss.paper(weights.gamma(), weights.omega(), weights.beta());
        }

        List<float[]> parameters() {
            var random = new SplittableRandom(seed + 1000);
            var parameters = new ArrayList<float[]>();
            for (int i = 0; i < 2 * stages + 2; i++) {
                int inputs = i % 2 == 1 ? 1 : i < 2 * stages ? width : SHARED;
                parameters.add(floats(normals(random, SHARED * inputs, 0.6)));
            }
            return parameters;
        }
    }

    static Stream<Task> tasks() {
        return IntStream.range(0, 24).mapToObj(Task::of);
    }

    @ParameterizedTest
    @MethodSource("tasks")
    void theGradientOfTheWholeLossEqualsCentralDifferences(Task task) throws IOException {
        var batch = new Pictures(task);
        var outcome = task.step(task.loss()).run(batch.prepared, task.parameters());
        var parameters =
                task.parameters().stream().map(TrainingStepTest::doubles).toList();
        var reference = task.reference();
        assertThat(outcome.loss())
                .as("loss, %s", task)
                .isCloseTo(reference.loss(batch.pictures, parameters), within(1e-6 * Math.max(1, outcome.loss())));
        assertThat(outcome.gradients()).hasSameSizeAs(parameters);
        for (int p = 0; p < parameters.size(); p++) {
            double[] expected = differences(reference, batch.pictures, parameters, p);
            assertClose(outcome.gradients().get(p), expected, "parameters[%d], %s".formatted(p, task));
        }
    }

    /** Central differences of fourth order by each number of an array. */
    private static double[] differences(
            DoubleTraining reference, List<DoubleTraining.Picture> pictures, List<double[]> parameters, int p) {
        double[] numbers = parameters.get(p);
        double[] differences = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            double at = numbers[i];
            double[] losses = new double[4];
            double[] steps = {STEP, -STEP, 2 * STEP, -2 * STEP};
            for (int k = 0; k < 4; k++) {
                numbers[i] = at + steps[k];
                losses[k] = reference.loss(pictures, parameters);
            }
            numbers[i] = at;
            differences[i] = (8 * (losses[0] - losses[1]) - (losses[2] - losses[3])) / (12 * STEP);
        }
        return differences;
    }

    private static void assertClose(float[] actual, double[] expected, String what) {
        assertThat(actual.length).as(what).isEqualTo(expected.length);
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        assertThat(Math.sqrt(error)).as("length of the error of %s", what).isLessThan(TOLERANCE * Math.sqrt(size));
        double typical = Math.sqrt(size / expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("[%d] of %s", i, what)
                    .isCloseTo(expected[i], within(TOLERANCE * Math.max(Math.abs(expected[i]), typical)));
        }
    }

    @Test
    void refusesALossThatIsNotANumber() throws IOException {
        assertRefused(right -> new VladLoss.Value(Double.NaN, right.imageGradient(), right.pixelGradient()))
                .hasMessageContaining("the loss changed became NaN")
                .hasMessageContaining("lower the learning rate");
        assertRefused(right ->
                        new VladLoss.Value(Double.POSITIVE_INFINITY, right.imageGradient(), right.pixelGradient()))
                .hasMessageContaining("became Infinity");
    }

    @Test
    void refusesDerivativesThatAreNotNumbers() throws IOException {
        assertRefused(right -> {
                    right.imageGradient()[1] = Float.NaN;
                    return right;
                })
                .hasMessageContaining("the loss changed")
                .hasMessageContaining("a derivative of it NaN or infinite");
        assertRefused(right -> {
                    right.pixelGradient()[4] = Float.NEGATIVE_INFINITY;
                    return right;
                })
                .hasMessageContaining("a derivative of it NaN or infinite");
    }

    @Test
    void refusesDerivativesOfAnotherNumber() throws IOException {
        int pixels = PICTURES * Task.of(0).maps().pixels();
        assertRefused(right -> new VladLoss.Value(right.loss(), new float[2], right.pixelGradient()))
                .hasMessage("the loss changed must give 3 and %d derivatives but gave 2 and %d", pixels, pixels);
        assertRefused(right -> new VladLoss.Value(right.loss(), right.imageGradient(), new float[1]))
                .hasMessage("the loss changed must give 3 and %d derivatives but gave 3 and 1", pixels);
    }

    @Test
    void namesALossThatThrows() throws IOException {
        assertRefused(right -> {
                    throw new IllegalStateException("no more");
                })
                .hasMessageContaining("the loss changed failed")
                .hasMessageContaining("no more")
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            Function<VladLoss.Value, VladLoss.Value> change) throws IOException {
        var task = Task.of(0);
        var batch = new Pictures(task);
        var step = task.step(new ChangedLoss(task.loss(), change));
        return assertThatThrownBy(() -> step.run(batch.prepared, task.parameters()))
                .isInstanceOf(DetectionException.class);
    }

    /** A user's loss. */
    private record ChangedLoss(VladLoss right, Function<VladLoss.Value, VladLoss.Value> change) implements VladLoss {
        @Override
        public String description() {
            return "changed";
        }

        @Override
        public VladLoss.Value evaluate(VladLoss.Batch batch) {
            return change.apply(right.evaluate(batch));
        }
    }

    /** The same pictures for both. */
    private final class Pictures {
        final List<Prepared> prepared = new ArrayList<>();
        final List<DoubleTraining.Picture> pictures = new ArrayList<>();

        Pictures(Task task) throws IOException {
            var random = new SplittableRandom(task.seed());
            for (int b = 0; b < PICTURES; b++) {
                var tokens = new ArrayList<float[]>();
                for (int stage = 0; stage < task.stages(); stage++) {
                    tokens.add(halves(normals(random, task.grid() * task.grid() * task.width(), 1.5)));
                }
                float[] embedding = floats(normals(random, SHARED, 1));
                float[] good = unit(normals(random, SHARED, 1));
                float[] damaged = unit(plus(doubles(good), normals(random, SHARED, 0.2)));
                float[] directions = Arrays.copyOf(good, 2 * SHARED);
                System.arraycopy(damaged, 0, directions, SHARED, SHARED);
                var features = features(task, tokens, embedding, folder.resolve(b + ".safetensors"));
                boolean anomalous = random.nextInt(3) > 0;
                float[] labels = new float[task.maps().pixels()];
                if (anomalous) {
                    for (int i = 0; i < labels.length; i++) {
                        labels[i] = (float) Math.max(0, Math.min(1, random.nextDouble(-1, 2)));
                    }
                }
                Prepared one = anomalous
                        ? Prepared.anomaly(features, directions, labels)
                        : Prepared.normal(features, directions);
                prepared.add(one);
                one.copyLabels(labels, 0); // as they are in 16 bits
                pictures.add(new DoubleTraining.Picture(
                        tokens.stream().map(t -> rows(t, task.width())).toArray(double[][][]::new),
                        doubles(embedding),
                        doubles(good),
                        doubles(damaged),
                        anomalous,
                        doubles(labels)));
            }
        }
    }

    private static Features features(Task task, List<float[]> tokens, float[] embedding, Path file) throws IOException {
        var writer = new SafetensorsWriter();
        for (int stage = 0; stage < tokens.size(); stage++) {
            float[] numbers = tokens.get(stage);
            var half = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
            for (float number : numbers) {
                half.putShort(HalfFloats.narrow(number));
            }
            writer.tensor("tokens." + stage, Dtype.F16, half, numbers.length / task.width(), task.width());
        }
        writer.tensor("embedding", embedding, SHARED).write(file);
        return Features.open(file, tokens.size());
    }

    private static double[] normals(SplittableRandom random, int count, double deviation) {
        return IntStream.range(0, count)
                .mapToDouble(i -> random.nextGaussian(0, deviation))
                .toArray();
    }

    private static float[] halves(double[] numbers) {
        float[] halves = new float[numbers.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = HalfFloats.widen(HalfFloats.narrow((float) numbers[i]));
        }
        return halves;
    }

    private static double[] plus(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] + b[i]).toArray();
    }

    private static float[] unit(double[] row) {
        double square = 0;
        for (double number : row) {
            square += number * number;
        }
        double length = Math.sqrt(square);
        return floats(Arrays.stream(row).map(x -> x / length).toArray());
    }

    private static double[][] rows(float[] numbers, int width) {
        double[][] rows = new double[numbers.length / width][width];
        for (int i = 0; i < numbers.length; i++) {
            rows[i / width][i % width] = numbers[i];
        }
        return rows;
    }

    private static float[] floats(double[] numbers) {
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    private static double[] doubles(float[] numbers) {
        return IntStream.range(0, numbers.length).mapToDouble(i -> numbers[i]).toArray();
    }
}
