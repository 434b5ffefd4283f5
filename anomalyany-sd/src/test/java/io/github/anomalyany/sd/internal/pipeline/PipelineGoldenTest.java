// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.Device;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.djl.Overlong;
import io.github.anomalyany.golden.GoldenCheck;
import io.github.anomalyany.golden.GoldenFile;
import io.github.anomalyany.golden.Goldens;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.noise.NoiseSource;
import io.github.anomalyany.sd.internal.pipeline.DiffusionModel.Companions;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.Frame.Placement;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.RegionSampling;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SchedulerRun;
import io.github.anomalyany.strategy.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text to image against diffusers' own pipeline: prompts, timesteps, every latent on the way, and the picture. */
class PipelineGoldenTest {
    private static final Goldens GOLDENS = Goldens.open();

    static List<GoldenFile> cases() {
        return GOLDENS.files("pipeline");
    }

    /** From pure noise, keeping nothing of a picture. */
    private record FromNoise(List<float[]> seen) implements Conditioning {
        @Override
        public String description() {
            return "from-noise";
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            return 0;
        }

        @Override
        public float[] blend(float[] latents, Surroundings surroundings) {
            seen.add(latents.clone());
            return latents;
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void drawsWhatDiffusersDraws(GoldenFile golden) {
        var folder = GOLDENS.path("models/" + golden.stem());
        var settings = settings(golden.stem());
        try (var model = DiffusionModel.load(folder, Companions.inside(), Device.cpu())) {
            golden.verify(check -> compare(golden, settings, model, check));
        }
    }

    private static Map<?, ?> settings(String name) {
        var pipelines = (Map<?, ?>) field(GOLDENS.config(), "pipelines");
        return (Map<?, ?>) field((Map<?, ?>) field(pipelines, name), "text_to_image");
    }

    private static Object field(Map<?, ?> map, String name) {
        return Objects.requireNonNull(map.get(name), name);
    }

    private static void compare(GoldenFile golden, Map<?, ?> settings, DiffusionModel model, GoldenCheck check) {
        int[] shape = golden.in("latents").shape();
        float[] text = model.textEncoder()
                .lastHiddenStates(
                        List.of(ids(model, field(settings, "negative_prompt")), ids(model, field(settings, "prompt"))));
        check.compare("negative_prompt_embeds", Arrays.copyOf(text, text.length / 2));
        check.compare("prompt_embeds", Arrays.copyOfRange(text, text.length / 2, text.length));

        int steps = ((Number) field(settings, "steps")).intValue();
        SchedulePlan plan = model.ownScheduler().plan(model.schedule(), steps, 0);
        check.compare(
                "timesteps",
                plan.steps().stream().mapToLong(step -> (long) step.timestep()).toArray());

        WorkingFrame frame = frame(model, shape);
        var states = new ArrayList<float[]>();
        var watch = new RunWatch(
                RunControl.none(), new Gate("generator"), 1, plan.steps().size());
        double guidance = ((Number) field(settings, "guidance")).doubleValue();
        float[] start = golden.in("latents").toFloats();
        for (int i = 0; i < start.length; i++) {
            start[i] *= (float) plan.pureNoise();
        }
        var sample = new Sample(
                Attempt.first(0, 0),
                new TargetRegion(frame, Mask.full(1, 1), RegionSampling.TOUCHED, 0, 1, 1),
                NoiseSource.philox().open(0, 0),
                start,
                start,
                new SchedulerRun(plan, start),
                text,
                new Unguided());
        var denoising = new Denoiser.Plan(model.unet(), model.schedule(), frame, new FromNoise(states), guidance);
        new Denoiser(denoising, watch, (done, step, index) -> {}).run(List.of(sample));
        check.compare("latents", joined(states));
        float[] latents = model.vae().unscaled(sample.run().sample());
        check.compare("image", unit(model.vae().decode(latents, shape[2], shape[3])));
        assertThat(sample.finalAttention()).isNotEmpty();
    }

    private static long[] ids(DiffusionModel model, Object prompt) {
        return model.tokenizer().encode((String) prompt, Overlong.TRUNCATE).ids();
    }

    private static WorkingFrame frame(DiffusionModel model, int[] shape) {
        int scale = model.vae().description().scale();
        var placement = new Placement(0, 0, 1, 1, scale * shape[3], scale * shape[2]);
        return new WorkingFrame(RgbImage.of(1, 1, new byte[3]), placement, scale);
    }

    private static float[] joined(List<float[]> arrays) {
        int length = arrays.get(0).length;
        var all = new float[arrays.size() * length];
        for (int i = 0; i < arrays.size(); i++) {
            System.arraycopy(arrays.get(i), 0, all, i * length, length);
        }
        return all;
    }

    private static float[] unit(float[] image) {
        var unit = new float[image.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = Math.max(0, Math.min(image[i] / 2 + 0.5f, 1));
        }
        return unit;
    }
}
