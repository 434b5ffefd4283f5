// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.djl.ModelConfig;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.NoiseSchedule.Prediction;
import io.github.anomalyany.strategy.NoiseSchedule.Spacing;
import io.github.anomalyany.strategy.NoiseScheduler;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a model's {@code scheduler_config.json} says.
 *
 * @param schedule the noise schedule of the training
 * @param scheduler the scheduler that the model's authors chose
 */
record SchedulerConfig(NoiseSchedule schedule, NoiseScheduler scheduler) {
    private static final String PNDM = "PNDMScheduler";
    private static final String DDIM = "DDIMScheduler";
    private static final String DDPM = "DDPMScheduler";
    private static final String DPM_SOLVER = "DPMSolverMultistepScheduler";
    private static final String EULER = "EulerDiscreteScheduler";
    private static final int MAX_TRAINING_STEPS = 100_000;
    /** What Stable Diffusion was trained for. */
    private static final int STEPS_OFFSET = 1;

    static SchedulerConfig read(Path file) {
        var config = ModelConfig.read(file);
        String kind = config.text("_class_name", PNDM, PNDM, DDIM, DDPM, DPM_SOLVER, EULER);
        config.refuseUnlessDefault("thresholding", false);
        config.refuseUnlessDefault("rescale_betas_zero_snr", false);
        config.refuseUnlessDefault("skip_prk_steps", true);
        config.refuseUnlessDefault("use_karras_sigmas", false);
        config.refuseUnlessDefault("use_exponential_sigmas", false);
        config.refuseUnlessDefault("use_beta_sigmas", false);
        config.refuseUnlessDefault("algorithm_type", "dpmsolver++");
        config.refuseUnlessDefault("solver_order", 2);
        config.refuseUnlessDefault("solver_type", "midpoint");
        config.refuseUnlessDefault("final_sigmas_type", "zero");
        config.refuseUnlessDefault("interpolation_type", "linear");
        config.refuseUnlessDefault("variance_type", "fixed_small");
        var spacing = config.text(
                "timestep_spacing",
                kind.equals(EULER) || kind.equals(DPM_SOLVER) ? "linspace" : "leading",
                "leading",
                "trailing",
                "linspace");
        var schedule = new NoiseSchedule(
                betas(config),
                Prediction.valueOf(config.text("prediction_type", "epsilon", "epsilon", "v_prediction")
                        .toUpperCase(Locale.ROOT)),
                Spacing.valueOf(spacing.toUpperCase(Locale.ROOT)),
                STEPS_OFFSET,
                config.flag("set_alpha_to_one", !kind.equals(PNDM)));
        // old files lack these two or have other values; diffusers' Stable Diffusion pipelines correct them, and so do
        // we
        config.integer("steps_offset", STEPS_OFFSET, 0, 1000);
        config.flag("clip_sample", false);
        // these change nothing where the options above have the values asked for
        config.refuseUnknown(
                "clip_sample_range",
                "sample_max_value",
                "dynamic_thresholding_ratio",
                "lower_order_final",
                "euler_at_final",
                "lambda_min_clipped",
                "sigma_min",
                "sigma_max",
                "timestep_type",
                "use_lu_lambdas");
        return new SchedulerConfig(schedule, scheduler(kind));
    }

    private static double[] betas(ModelConfig config) {
        int count = config.integer("num_train_timesteps", 1000, 2, MAX_TRAINING_STEPS);
        config.refuseUnlessDefault("trained_betas");
        double first = config.number("beta_start", 0.0001, 1e-9, 0.999);
        double last = config.number("beta_end", 0.02, 1e-9, 0.999);
        return config.text("beta_schedule", "linear", "linear", "scaled_linear").equals("linear")
                ? NoiseSchedule.linear(first, last, count)
                : NoiseSchedule.scaledLinear(first, last, count);
    }

    private static NoiseScheduler scheduler(String kind) {
        return switch (kind) {
            case DDIM -> NoiseScheduler.ddim();
            case DDPM -> NoiseScheduler.ddpm();
            case DPM_SOLVER -> NoiseScheduler.dpmSolver();
            case EULER -> NoiseScheduler.euler();
            default -> NoiseScheduler.pndm();
        };
    }
}
