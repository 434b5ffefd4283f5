// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A run through a {@link SchedulePlan}: holds the current state and what multistep solvers remember. Sums are taken in double
 * precision, states are kept as floats. Not for use by several threads.
 *
 * <pre>{@code
 * var run = new SchedulerRun(plan, startLatents);
 * while (!run.isFinished()) {
 *     float[] output = network(run.modelInput(), run.step().timestep());
 *     float[] noise = run.step().drawsNoise() ? draw() : new float[0];
 *     run.advance(output, noise);
 *     run.replaceSample(blend(run.sample()));
 * }
 * }</pre>
 */
public final class SchedulerRun {
    private final SchedulePlan plan;
    private final int memory;
    /** States that were stepped from, newest first; none is ever written to. */
    private final List<float[]> samples = new ArrayList<>();
    /** Outputs of the network, newest first. */
    private final List<float[]> outputs = new ArrayList<>();

    private float[] current;
    private int index;

    /**
     * Begins a run.
     *
     * @param plan the plan
     * @param latents the state that it starts from, copied
     */
    public SchedulerRun(SchedulePlan plan, float[] latents) {
        this.plan = Objects.requireNonNull(plan, "plan");
        current = latents.clone();
        memory = plan.steps().stream()
                .mapToInt(step -> Math.max(step.samples().size(), step.outputs().size()))
                .max()
                .orElse(0);
    }

    /**
     * Whether all steps were made.
     *
     * @return true after the last one
     */
    public boolean isFinished() {
        return index >= plan.steps().size();
    }

    /**
     * Number of the step to make next.
     *
     * @return from 0; the number of steps when the run is finished
     */
    public int index() {
        return index;
    }

    /**
     * How many steps the run has.
     *
     * @return at least 1
     */
    public int steps() {
        return plan.steps().size();
    }

    /**
     * The step to make next.
     *
     * @return the step
     * @throws IllegalStateException if the run is finished
     */
    public Step step() {
        if (isFinished()) {
            throw new IllegalStateException("all " + plan.steps().size() + " steps of the run were made");
        }
        return plan.steps().get(index);
    }

    /**
     * The current state.
     *
     * @return a copy
     */
    public float[] sample() {
        return current.clone();
    }

    /**
     * The current state as the network wants it for the next step.
     *
     * @return a new array
     */
    public float[] modelInput() {
        double scale = step().inputScale();
        float[] input = current.clone();
        if (scale != 1) {
            for (int i = 0; i < input.length; i++) {
                input[i] = (float) (scale * input[i]);
            }
        }
        return input;
    }

    /**
     * Puts another state in the place of the current one: before a step what guidance made of it, after a step what is
     * blended. Multistep solvers remember the state that a step was made from, as it was then.
     *
     * @param latents copied
     */
    public void replaceSample(float[] latents) {
        checkLength("latents", latents);
        current = latents.clone();
    }

    /**
     * Makes a step that draws no noise.
     *
     * @param output the network's output for {@link #modelInput()}, copied
     * @return the state reached, a copy
     * @throws IllegalStateException if the run is finished or the step needs noise
     */
    public float[] advance(float[] output) {
        if (step().noise() != 0) {
            throw new IllegalStateException("step " + index + " needs noise");
        }
        return advance(output, new float[0]);
    }

    /**
     * Makes a step.
     *
     * @param output the network's output for {@link #modelInput()}, copied
     * @param noise unit noise; looked at only where the step's factor of it isn't 0
     * @return the state reached, a copy
     * @throws IllegalStateException if the run is finished
     */
    public float[] advance(float[] output, float[] noise) {
        var step = step();
        checkLength("output", output);
        remember(samples, current);
        remember(outputs, output.clone());
        double[] sum = new double[current.length];
        add(sum, step.samples(), samples);
        add(sum, step.outputs(), outputs);
        if (step.noise() != 0) {
            checkLength("noise", noise);
            add(sum, step.noise(), noise);
        }
        float[] next = new float[sum.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = (float) sum[i];
        }
        current = next;
        index++;
        return next.clone();
    }

    private void remember(List<float[]> history, float[] newest) {
        history.add(0, newest);
        if (history.size() > memory) {
            history.remove(memory);
        }
    }

    private static void add(double[] sum, List<Double> factors, List<float[]> terms) {
        for (int k = 0; k < factors.size(); k++) {
            if (factors.get(k) != 0) {
                add(sum, factors.get(k), terms.get(k));
            }
        }
    }

    private static void add(double[] sum, double factor, float[] term) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * term[i];
        }
    }

    private void checkLength(String name, float[] array) {
        if (array.length != current.length) {
            throw new IllegalArgumentException(
                    "%s must have %d values but had %d".formatted(name, current.length, array.length));
        }
    }
}
