// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.GoldenTensor;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.golden.JsonReader;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All schedulers against diffusers: tables, lists of timesteps, whole trajectories and trajectories entered in the middle. */
class SchedulerGoldenTest {
    /** {@code Class({'config': 1}).step({'eta': 1.0}); …}: the header says with which scheduler a file was made. */
    private static final Pattern ABOUT = Pattern.compile("(\\w+)\\((\\{.*?})\\)(?:\\.step\\((\\{.*?})\\))?.*");

    private static final String FROM = "states_from_";

    static List<GoldenFile> files() {
        return Goldens.open().files("schedulers");
    }

    @ParameterizedTest
    @MethodSource("files")
    void equalsDiffusers(GoldenFile golden) {
        var made = Made.from(golden.about());
        golden.verify(check -> {
            for (String output : golden.outputs()) {
                switch (output) {
                    case "betas" -> check.compare(output, made.betas());
                    case "alphas_cumprod" -> check.compare(output, alphas(made));
                    default -> compare(golden, made, output, check);
                }
            }
        });
    }

    /** How a golden was made: class of the scheduler, its configuration and the arguments of its step. */
    record Made(String kind, Map<String, Object> config, Map<String, Object> step) {
        static Made from(String about) {
            var parts = ABOUT.matcher(about);
            assertThat(parts.matches()).as(about).isTrue();
            String step = parts.group(3);
            return new Made(parts.group(1), pythonDict(parts.group(2)), pythonDict(step == null ? "{}" : step));
        }

        private static Map<String, Object> pythonDict(String text) {
            return JsonReader.object(text.replace('\'', '"')
                    .replace("True", "true")
                    .replace("False", "false")
                    .replace("None", "null"));
        }

        NoiseScheduler scheduler() {
            return switch (kind) {
                case "DDIMScheduler" ->
                    NoiseScheduler.ddim(number(step, "eta", 0).doubleValue());
                case "DDPMScheduler" -> NoiseScheduler.ddpm();
                case "PNDMScheduler" -> {
                    assertThat(config).containsEntry("skip_prk_steps", true);
                    yield NoiseScheduler.pndm();
                }
                case "DPMSolverMultistepScheduler" -> {
                    assertThat(config.getOrDefault("algorithm_type", "dpmsolver++"))
                            .isEqualTo("dpmsolver++");
                    assertThat(number(config, "solver_order", 2)).isEqualTo(2L);
                    yield NoiseScheduler.dpmSolver();
                }
                case "EulerDiscreteScheduler" -> NoiseScheduler.euler();
                default -> throw new AssertionError("no scheduler for " + kind);
            };
        }

        double[] betas() {
            double first = number(config, "beta_start", 0.0001).doubleValue();
            double last = number(config, "beta_end", 0.02).doubleValue();
            int count = number(config, "num_train_timesteps", 1000L).intValue();
            return switch (String.valueOf(config.getOrDefault("beta_schedule", "linear"))) {
                case "scaled_linear" -> NoiseSchedule.scaledLinear(first, last, count);
                case "linear" -> NoiseSchedule.linear(first, last, count);
                default -> throw new AssertionError("no betas for " + config);
            };
        }

        NoiseSchedule schedule(String spacing, String prediction) {
            Object toOne = config.getOrDefault("set_alpha_to_one", kind.equals("DDIMScheduler"));
            return new NoiseSchedule(
                    betas(),
                    Prediction.valueOf(prediction.toUpperCase(Locale.ROOT)),
                    Spacing.valueOf(spacing.toUpperCase(Locale.ROOT)),
                    number(config, "steps_offset", 0L).intValue(),
                    Boolean.TRUE.equals(toOne));
        }

        private static Number number(Map<String, Object> from, String key, Number otherwise) {
            return (Number) from.getOrDefault(key, otherwise);
        }
    }

    private static double[] alphas(Made made) {
        var schedule = made.schedule("leading", "epsilon");
        double[] alphas = new double[schedule.trainingSteps()];
        Arrays.setAll(alphas, schedule::alphaCumulative);
        return alphas;
    }

    /** {@code <spacing>.<steps>.<what>} or {@code <spacing>.<steps>.<prediction>.<what>}. */
    private static void compare(GoldenFile golden, Made made, String output, GoldenCheck check) {
        String[] parts = output.split("\\.", -1);
        String prediction = parts.length == 4 ? parts[2] : "epsilon";
        var schedule = made.schedule(parts[0], prediction);
        int steps = Integer.parseInt(parts[1]);
        String what = parts[parts.length - 1];
        if (what.startsWith(FROM)) {
            int start = Integer.parseInt(what.substring(FROM.length()));
            var plan = made.scheduler().plan(schedule, steps, start);
            compareStates(golden, plan, mix(golden, plan.startSignal(), plan.startNoise()), output, check);
            return;
        }
        var plan = made.scheduler().plan(schedule, steps, 0);
        switch (what) {
            case "timesteps" ->
                check.compare(
                        output,
                        plan.steps().stream()
                                .mapToDouble(SchedulePlan.Step::timestep)
                                .toArray());
            case "sigmas" -> check.compare(output, sigmas(plan));
            case "add_noise" -> check.compare(output, noised(golden, made.scheduler(), schedule, steps, output));
            case "states", "final" -> compareStates(golden, plan, mix(golden, 0, plan.pureNoise()), output, check);
            default -> throw new AssertionError("no test for " + output);
        }
    }

    private static double[] sigmas(SchedulePlan plan) {
        double[] sigmas = new double[plan.steps().size() + 1];
        sigmas[0] = plan.startNoise() / plan.startSignal();
        for (int i = 1; i < sigmas.length; i++) {
            var step = plan.steps().get(i - 1);
            sigmas[i] = step.noiseAfter() / step.signalAfter();
        }
        return sigmas;
    }

    private static float[] mix(GoldenFile golden, double signal, double noise) {
        float[] clean = golden.in("x0").toFloats();
        float[] unit = golden.in("noise").toFloats();
        float[] mixed = new float[clean.length];
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] = (float) (signal * clean[i] + noise * unit[i]);
        }
        return mixed;
    }

    /** The rows are noised at positions of the list that the file doesn't name: the position that fits best counts. */
    private static float[] noised(
            GoldenFile golden, NoiseScheduler scheduler, NoiseSchedule schedule, int steps, String output) {
        GoldenTensor rows = golden.out(output);
        int length = scheduler.plan(schedule, steps, 0).steps().size();
        float[] all = new float[rows.size()];
        for (int row = 0; row < rows.shape(0); row++) {
            float[] theirs = rows.get(row).toFloats();
            float[] best = new float[theirs.length];
            double bestDistance = Double.POSITIVE_INFINITY;
            for (int position = 0; position < length; position++) {
                var plan = scheduler.plan(schedule, steps, position);
                float[] ours = mix(golden, plan.startSignal(), plan.startNoise());
                double distance = distance(ours, theirs);
                if (distance < bestDistance) {
                    bestDistance = distance;
                    best = ours;
                }
            }
            System.arraycopy(best, 0, all, row * best.length, best.length);
        }
        return all;
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum;
    }

    private static void compareStates(
            GoldenFile golden, SchedulePlan plan, float[] start, String output, GoldenCheck check) {
        var states = new ArrayList<float[]>(List.of(start));
        var run = new SchedulerRun(plan, start);
        int draws = 0;
        while (!run.isFinished()) {
            var step = run.step();
            float[] noise =
                    step.drawsNoise() ? golden.in("step_noise").get(draws++).toFloats() : new float[0];
            states.add(run.advance(network(run.modelInput(), step.timestep()), noise));
        }
        if (output.endsWith(".final")) {
            check.compare(output, states.get(states.size() - 1));
            return;
        }
        float[] joined = new float[states.size() * start.length];
        for (int i = 0; i < states.size(); i++) {
            System.arraycopy(states.get(i), 0, joined, i * start.length, start.length);
        }
        check.compare(output, joined);
    }

    /** The formula that stands in the place of a network. */
    private static float[] network(float[] x, double timestep) {
        float[] output = new float[x.length];
        for (int i = 0; i < output.length; i++) {
            output[i] = (float) (0.9 * Math.sin(1.3 * x[i] + timestep / 1000));
        }
        return output;
    }
}
