// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.internal.training;

import ai.djl.pytorch.engine.PtNDArray;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.djl.Tape.Value;
import io.github.anomalyany.djl.TensorRuntime;
import io.github.anomalyany.djl.TensorScope;
import io.github.anomalyany.vlad.DetectionException;
import io.github.anomalyany.vlad.FeatureAdapter;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.TrainingSettings.Supervision;
import io.github.anomalyany.vlad.VladLoss;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of training up to the gradients: the adapters by PyTorch, maps and losses in Java (spec §5.3–5.4). Belongs to one
 * thread.
 */
final class TrainingStep {
    /**
     * Loss of a batch.
     *
     * @param loss the value
     * @param gradients by each parameter, in the parameters' order
     */
    record Outcome(double loss, List<float[]> gradients) {}

    private final TensorRuntime runtime;
    private final FeatureAdapter.Shape shape;
    private final int cells;
    private final double imageScale;
    private final double pixelScale;
    private final LossMaps maps;
    private final TrainingSettings settings;

    TrainingStep(
            TensorRuntime runtime,
            FeatureAdapter.Shape shape,
            int cells,
            double imageScale,
            double pixelScale,
            LossMaps maps,
            TrainingSettings settings) {
        this.runtime = runtime;
        this.shape = shape;
        this.cells = cells;
        this.imageScale = imageScale;
        this.pixelScale = pixelScale;
        this.maps = maps;
        this.settings = settings;
    }

    /** Loss and gradients of some prepared samples. */
    Outcome run(List<Prepared> batch, List<float[]> parameters) {
        try (var scope = runtime.scope()) {
            var tape = scope.tape(Tape.Memory.ALL);
            var variables = variables(scope, tape, parameters);
            Value directions = tape.constant(directions(scope, batch));
            var shares = new ArrayList<Value>(); // of each stage [B, cells]
            for (int stage = 0; stage < shape.stages(); stage++) {
                Value tokens = tape.constant(tokens(scope, batch, stage));
                shares.add(tape.call(
                        "adapted_share",
                        tokens,
                        variables.get(2 * stage),
                        variables.get(2 * stage + 1),
                        directions,
                        pixelScale));
            }
            int last = 2 * shape.stages();
            Value images = tape.call(
                    "adapted_share",
                    tape.constant(embeddings(scope, batch)),
                    variables.get(last),
                    variables.get(last + 1),
                    directions,
                    imageScale); // [B, 1]
            return outcome(scope, tape, batch, variables, shares, images);
        }
    }

    private Outcome outcome(
            TensorScope scope,
            Tape tape,
            List<Prepared> batch,
            List<Value> variables,
            List<Value> shares,
            Value images) {
        float[] imageGradient = new float[batch.size()];
        Map<Value, PtNDArray> cotangents = new HashMap<>();
        var grids = shares.stream().map(Value::toArray).toList();
        boolean fused = settings.supervision() == Supervision.FUSED;
        double loss = 0;
        for (int part = 0; part < (fused ? 1 : grids.size()); part++) {
            float weight = fused ? 1 : 1f / grids.size();
            VladLoss.Value value = evaluate(batch, images.toArray(), fused ? mean(grids) : grids.get(part));
            loss += weight * value.loss();
            for (int i = 0; i < imageGradient.length; i++) {
                imageGradient[i] += weight * value.imageGradient()[i];
            }
            float[] gridGradient = maps.gridGradient(value.pixelGradient());
            for (int i = 0; i < gridGradient.length; i++) {
                gridGradient[i] /= grids.size();
            }
            for (int stage = fused ? 0 : part; stage < (fused ? grids.size() : part + 1); stage++) {
                cotangents.put(shares.get(stage), scope.tensor(gridGradient, batch.size(), cells));
            }
        }
        cotangents.put(images, scope.tensor(imageGradient, batch.size(), 1));
        var gradients = tape.gradients(cotangents, variables).stream()
                .map(PtNDArray::toFloatArray)
                .toList();
        return new Outcome(loss, gradients);
    }

    private VladLoss.Value evaluate(List<Prepared> batch, float[] images, float[] grids) {
        float[] imageLabels = new float[batch.size()];
        float[] pixelLabels = new float[batch.size() * maps.pixels()];
        for (int i = 0; i < imageLabels.length; i++) {
            imageLabels[i] = batch.get(i).anomalous() ? 1 : 0;
            batch.get(i).copyLabels(pixelLabels, i * maps.pixels());
        }
        var value = evaluate(new VladLoss.Batch(imageLabels, images, pixelLabels, maps.maps(grids)));
        if (value.imageGradient().length != imageLabels.length || value.pixelGradient().length != pixelLabels.length) {
            throw new DetectionException("the loss %s must give %d and %d derivatives but gave %d and %d"
                    .formatted(
                            settings.loss().description(),
                            imageLabels.length,
                            pixelLabels.length,
                            value.imageGradient().length,
                            value.pixelGradient().length));
        }
        if (!Double.isFinite(value.loss()) || !isFinite(value.imageGradient()) || !isFinite(value.pixelGradient())) {
            throw new DetectionException(
                    "the loss %s became %s, or a derivative of it NaN or infinite: lower the learning rate (%s), or look for NaN in the model"
                            .formatted(settings.loss().description(), value.loss(), settings.learningRate()));
        }
        return value;
    }

    private VladLoss.Value evaluate(VladLoss.Batch batch) {
        try {
            return settings.loss().evaluate(batch);
        } catch (RuntimeException e) {
            throw new DetectionException(
                    "the loss %s failed: %s".formatted(settings.loss().description(), e), e);
        }
    }

    private static boolean isFinite(float[] numbers) {
        for (float number : numbers) {
            if (!Float.isFinite(number)) {
                return false;
            }
        }
        return true;
    }

    private static float[] mean(List<float[]> grids) {
        float[] mean = new float[grids.get(0).length];
        for (float[] grid : grids) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += grid[i] / grids.size();
            }
        }
        return mean;
    }

    private List<Value> variables(TensorScope scope, Tape tape, List<float[]> parameters) {
        var variables = new ArrayList<Value>();
        for (int i = 0; i < parameters.size(); i++) {
            float[] numbers = parameters.get(i);
            int out = shape.sharedWidth();
            variables.add(tape.variable(
                    i % 2 == 0 ? scope.tensor(numbers, out, numbers.length / out) : scope.tensor(numbers, out)));
        }
        return variables;
    }

    private PtNDArray directions(TensorScope scope, List<Prepared> batch) {
        int width = shape.sharedWidth();
        float[] all = new float[batch.size() * width];
        for (int b = 0; b < batch.size(); b++) {
            float[] text = batch.get(b).directions();
            for (int i = 0; i < width; i++) {
                all[b * width + i] = text[width + i] - text[i];
            }
        }
        return scope.tensor(all, batch.size(), width);
    }

    private PtNDArray embeddings(TensorScope scope, List<Prepared> batch) {
        int width = shape.sharedWidth();
        float[] all = new float[batch.size() * width];
        for (int b = 0; b < batch.size(); b++) {
            System.arraycopy(batch.get(b).features().embedding(), 0, all, b * width, width);
        }
        return scope.tensor(all, batch.size(), 1, width);
    }

    private PtNDArray tokens(TensorScope scope, List<Prepared> batch, int stage) {
        int bytes = 2 * cells * shape.tokenWidth();
        var all = ByteBuffer.allocateDirect(batch.size() * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (Prepared sample : batch) {
            all.put(sample.features().tokens(stage));
        }
        try (PtNDArray half = scope.over(all.flip(), true, batch.size(), cells, shape.tokenWidth())) {
            return scope.call("widen", half);
        }
    }
}
