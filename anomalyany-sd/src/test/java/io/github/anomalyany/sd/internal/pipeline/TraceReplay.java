// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.Device;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.djl.Gate;
import io.github.anomalyany.djl.Overlong;
import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.golden.JsonReader;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Attended;
import io.github.anomalyany.sd.internal.pipeline.GuidanceLosses.Loss;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.ReleasedGuidance;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.SmoothedAttention;
import io.github.anomalyany.strategy.StepInfo;
import io.github.anomalyany.strategy.Surroundings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a recorded run again and compares every step with the record. */
final class TraceReplay implements AutoCloseable {
    /** Cells this close to the mean may fall on either side of it. */
    private static final int COUNT_SLACK = 1;

    private final RecordedTrace trace;
    private final TraceCheck check;
    private final DiffusionModel model;
    private final GenerationRun run;
    private final Denoiser denoiser;
    private final List<Passed> passed = new ArrayList<>();
    private final List<Attended> large = new ArrayList<>();
    private final float[][] stepped = new float[1][];
    private Sample sample;

    /** One inner pass as the procedure told of it. */
    private record Passed(
            StepInfo info, ReleasedProcedure.Losses losses, Loss gradients, SmoothedAttention attention, int cells) {}

    TraceReplay(RecordedTrace trace, TraceCheck check) throws IOException {
        this.trace = trace;
        this.check = check;
        model = load(trace);
        var request = request(trace, new Recording(Conditioning.released(trace.number("strength"))));
        var preparation =
                new RequestPreparation(model, request, request.settings().orElseThrow());
        var watch = new RunWatch(RunControl.none(), new Gate("generator"), 1, trace.steps());
        run = new GenerationRun(
                model, StableDiffusionOptions.defaults(), request, preparation, watch, new PassObserver());
        denoiser = run.denoiser();
        sample = run.start(Attempt.first(0, 0));
    }

    static DiffusionModel load(RecordedTrace trace) {
        var companions = new DiffusionModel.Companions(Optional.of(trace.model("clip")), Optional.empty());
        return DiffusionModel.load(trace.model("bundle"), companions, Device.cpu());
    }

    /** The request of a recorded run under the reference preset. */
    static GenerationRequest request(RecordedTrace trace, Conditioning conditioning) throws IOException {
        var numbers = ReleasedGuidance.standard();
        var settings = GenerationSettings.reference().toBuilder()
                .steps((int) trace.number("num_inference_steps"))
                .guidanceScale(trace.number("guidance_scale"))
                .conditioning(conditioning)
                .noise(trace.noise())
                .releasedGuidance(new ReleasedGuidance(
                        numbers.passes(),
                        numbers.imageWeight(),
                        numbers.attentionWeight(),
                        trace.number("scale_factor"),
                        trace.first("scale_range"),
                        trace.threshold(0)))
                .feather(0);
        var request = GenerationRequest.builder()
                .normal(RgbImage.read(trace.file("input").orElseThrow()))
                .anomaly(trace.text("prompt"))
                .description(trace.text("detailed_prompt"))
                .emphasize(word(trace))
                .settings(settings.build());
        if (trace.masked()) {
            request.region(Mask.read(trace.file("mask").orElseThrow()));
        }
        return request.build();
    }

    /** The word that the recorded token stands for. */
    private static String word(RecordedTrace trace) {
        int token = trace.numbers("prompt_ids")[(int) trace.number("token_index")];
        try (var model = load(trace)) {
            for (String word : trace.text("prompt").split(" ", -1)) {
                var encoding = model.tokenizer().encode(word, Overlong.REFUSE);
                if (encoding.ids()[1] == token) {
                    return word;
                }
            }
        }
        throw new AssertionError("no word of the prompt has the token " + token);
    }

    /** The released conditioning, which keeps what the scheduler stepped to. */
    private final class Recording implements Conditioning {
        private final Conditioning released;

        private Recording(Conditioning released) {
            this.released = released;
        }

        @Override
        public String description() {
            return released.description();
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            return released.startIndex(whole, schedule);
        }

        @Override
        public float[] normalLatents(float[] mean, float[] deviation, Supplier<float[]> noise) {
            return released.normalLatents(mean, deviation, noise);
        }

        @Override
        public float[] blend(float[] latents, Surroundings surroundings) {
            stepped[0] = latents.clone();
            return released.blend(latents, surroundings);
        }
    }

    private final class PassObserver implements ReleasedProcedure.Observer {
        @Override
        public void pass(
                StepInfo info,
                ReleasedProcedure.Losses losses,
                Loss gradients,
                SmoothedAttention attention,
                int cells) {
            passed.add(new Passed(info, losses, gradients, attention, cells));
        }

        @Override
        public void largeUpdate(Attended attended) {
            large.add(attended);
        }
    }

    /** What there is before the loop: timesteps, tokens, embeddings, the normal picture's latents, the start, the mask. */
    void compareStart() {
        var prepared = run.prepared();
        check.exact("timesteps", "", timesteps(), Arrays.toString(trace.numbers("loop_timesteps")));
        check.exact("prompt_ids", "", ids("prompt"), Arrays.toString(trace.numbers("prompt_ids")));
        check.exact("detailed_ids", "", ids("detailed_prompt"), Arrays.toString(trace.numbers("detailed_ids")));
        check.array("tau.start", "", prepared.text(), trace.floats("tau.start"));
        check.array("tau.start", "of the detailed prompt", prepared.descriptionText(), trace.floats("tau.detailed"));
        check.array("z0", "", sample.normal(), trace.floats("z0"));
        check.array("latents_in", "0", sample.run().sample(), trace.floats("step.0.latents_in"));
        if (trace.masked()) {
            check.exact("mask", "", Arrays.toString(sample.region().latent()), Arrays.toString(trace.floats("mask")));
        }
    }

    private String timesteps() {
        return Arrays.toString(run.plan().steps().stream()
                .mapToInt(step -> (int) step.timestep())
                .toArray());
    }

    /** Ids without the padding. */
    private String ids(String prompt) {
        var encoding = model.tokenizer().encode(trace.text(prompt), Overlong.REFUSE);
        int length = trace.numbers(prompt.equals("prompt") ? "prompt_ids" : "detailed_ids").length;
        return Arrays.toString(Arrays.copyOf(encoding.ids(), length));
    }

    /** Whether everything was recorded that a step starts from. */
    boolean isRecorded(int step) {
        if (step == 0) {
            return true;
        }
        boolean all = trace.has(previous(step, "latents_out")) && trace.has(previous(step, "tau_out"));
        for (int past = Math.max(0, step - 5); past < step; past++) {
            all &= trace.has("step.%d.noise_pred".formatted(past));
        }
        return all;
    }

    private static String previous(int step, String tensor) {
        return "step.%d.%s".formatted(step - 1, tensor);
    }

    /** Puts the run where the record was before a step, with the scheduler's memory of the steps before. */
    void startAt(int step) {
        sample = run.start(Attempt.first(0, 0));
        var scheduler = sample.run();
        scheduler.replaceSample(trace.floats("step.0.latents_in"));
        for (int past = 0; past < step; past++) {
            if (past == 0 && trace.has("step.0.latents_refined")) {
                scheduler.replaceSample(trace.floats("step.0.latents_refined"));
            }
            String prediction = "step.%d.noise_pred".formatted(past);
            scheduler.advance(trace.has(prediction) ? trace.floats(prediction) : new float[sample.epsilon().length]);
        }
        sample.replaceText(trace.floats("tau.start"));
        if (step > 0) {
            scheduler.replaceSample(trace.floats(previous(step, "latents_out")));
            sample.replaceText(trace.floats(previous(step, "tau_out")));
        }
    }

    /** Makes the next step and compares all that was recorded of it. */
    void step() {
        int index = sample.run().index();
        var planned = sample.run().step();
        var record = trace.step(index);
        float[] textBefore = sample.text();
        passed.clear();
        large.clear();
        sample.guidance().steer(sample);
        float[] steered = sample.run().sample();
        check.exact("t", "" + index, planned.timestep(), number(record, "t"));
        comparePasses(index, record);
        compareLargeUpdates(index, record, steered);
        compareText(index, textBefore);
        boolean last = index == trace.steps() - 1;
        if (last) {
            compareFinalMaps(planned);
        }
        float[] prediction = denoiser.predict(List.of(sample), planned).get(0);
        denoiser.advance(sample, planned, index, prediction);
        compareTensor("noise_pred", index, prediction);
        compareTensor("latents_stepped", index, Objects.requireNonNull(stepped[0]));
        compareTensor("latents_out", index, sample.run().sample());
    }

    private void compareTensor(String name, int step, float[] ours) {
        String tensor = "step.%d.%s".formatted(step, name);
        if (trace.has(tensor)) {
            check.array(name, "" + step, ours, trace.floats(tensor));
        }
    }

    private static double number(Map<String, Object> json, String key) {
        return ((Number) Objects.requireNonNull(json.get(key), key)).doubleValue();
    }

    private void comparePasses(int step, Map<String, Object> record) {
        var passes = JsonReader.asList(record.get("passes"));
        int[] cells = JsonReader.asInts(record.get("cells_at_or_above_mean"));
        check.exact("passes", "" + step, passed.size(), passes.size());
        double size = number(record, "step_size_z");
        var update = new double[sample.epsilon().length];
        for (int q = 0; q < passed.size(); q++) {
            Passed ours = passed.get(q);
            String where = step + "." + q;
            compareLosses(where, ours.losses, JsonReader.asObject(passes.get(q)));
            compareMap(step, q, ours, JsonReader.asObject(passes.get(q)));
            // the guided pass before the first of later steps changes no result and isn't made
            if (ours.cells >= 0) {
                boolean close = Math.abs(ours.cells - cells[q]) <= COUNT_SLACK;
                check.exact("cells " + ours.cells + " and " + cells[q], where, close, true);
            }
            compareGradients(where, ours.gradients);
            for (int i = 0; i < update.length; i++) {
                update[i] -= size * ours.gradients.latents()[i];
            }
        }
        String tensor = "step.%d.inner_update".formatted(step);
        if (trace.has(tensor)) {
            check.array("inner_update", "" + step, update, trace.floats(tensor));
        }
    }

    private void compareLosses(String where, ReleasedProcedure.Losses ours, Map<String, Object> theirs) {
        check.number("L_att", where, ours.attention(), number(theirs, "L_att"));
        if (theirs.get("L_img") instanceof Number recorded && recorded.doubleValue() != 0) {
            check.number("L_img", where, ours.image(), recorded.doubleValue());
        } else {
            check.exact("L_img", where, ours.image(), 0.0);
        }
        check.number("L", where, ours.total(), number(theirs, "L"));
        check.number("L_prompt", where, ours.prompt(), number(theirs, "L_prompt"));
        check.number("L_tau", where, ours.total() + ours.prompt(), number(theirs, "L_tau"));
    }

    private void compareMap(int step, int pass, Passed ours, Map<String, Object> theirs) {
        float[] map = ours.attention.map((int) trace.number("token_index"));
        int largest = 0;
        for (int i = 0; i < map.length; i++) {
            largest = map[i] > map[largest] ? i : largest;
        }
        int columns = run.prepared().gridColumns();
        check.exact(
                "argmax",
                step + "." + pass,
                List.of(largest / columns, largest % columns),
                Arrays.stream(JsonReader.asInts(theirs.get("argmax"))).boxed().toList());
        check.number("map", "largest of " + step + "." + pass, map[largest], number(theirs, "max_attention"));
        String tensor = "step.%d.map_pass%d".formatted(step, pass);
        if (trace.has(tensor)) {
            check.array("map", step + "." + pass, map, trace.floats(tensor));
        }
    }

    private void compareGradients(String where, Loss ours) {
        if (trace.has("grad." + where + ".z")) {
            check.array("grad.z", where, ours.latents(), trace.floats("grad." + where + ".z"));
        }
        if (trace.has("grad." + where + ".tau")) {
            check.array("grad.tau", where, ours.text(), trace.floats("grad." + where + ".tau"));
        }
    }

    private void compareLargeUpdates(int step, Map<String, Object> record, float[] steered) {
        var recorded = JsonReader.asList(record.get("refinement"));
        check.exact("large updates", "" + step, large.size(), recorded.size());
        for (int i = 0; i < Math.min(large.size(), recorded.size()); i++) {
            var theirs = JsonReader.asObject(recorded.get(i));
            check.number(
                    "refine.max",
                    step + "." + i,
                    1 - large.get(i).loss().value(),
                    number(theirs, "max_attention_before"));
        }
        String tensor = "step.%d.latents_refined".formatted(step);
        if (trace.has(tensor)) {
            check.array(
                    "refine.latents",
                    "" + step,
                    difference(steered, "step.0.latents_in"),
                    difference(trace.floats(tensor), "step.0.latents_in"));
        }
    }

    private float[] difference(float[] latents, String from) {
        float[] before = trace.floats(from);
        for (int i = 0; i < before.length; i++) {
            before[i] = latents[i] - before[i];
        }
        return before;
    }

    private void compareText(int step, float[] before) {
        String tensor = "step.%d.tau_out".formatted(step);
        if (!trace.has(tensor)) {
            return;
        }
        float[] theirs = trace.floats(tensor);
        check.array("tau_out", "" + step, sample.text(), theirs);
        String incoming = step == 0 ? "tau.start" : previous(step, "tau_out");
        if (trace.has(incoming)) {
            float[] ourUpdate = sample.text().clone();
            float[] theirBefore = trace.floats(incoming);
            for (int i = 0; i < theirs.length; i++) {
                ourUpdate[i] -= before[i];
                theirs[i] -= theirBefore[i];
            }
            check.array("tau_update", "" + step, ourUpdate, theirs);
        }
    }

    /** The attention of the last guided pass, both branches averaged, without softmax and smoothing. */
    private void compareFinalMaps(SchedulePlan.Step planned) {
        var frame = run.prepared().frame();
        float[] one = sample.run().modelInput();
        float[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        float t = (float) planned.timestep();
        var input = new UnetInput(frame.latentRows(), frame.latentColumns(), new float[] {t, t}, two, sample.text());
        try (var pass = model.unet().attend(input, Tape.Memory.INFERENCE)) {
            float[] mean = pass.attention(0);
            float[] conditional = pass.attention(1);
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (mean[i] + conditional[i]) / 2;
            }
            float[] recorded = trace.floats("final.raw_maps");
            check.array("raw_map", "final", Arrays.copyOf(mean, recorded.length), recorded);
        }
    }

    /** Compares the decoded picture at the recorded pixels. */
    void compareImage(float[] latents, String which) {
        var frame = run.prepared().frame();
        float[] decoded = model.vae().decode(model.vae().unscaled(latents), frame.latentRows(), frame.latentColumns());
        var recorded = trace.tensor("image.stride8");
        int side = recorded.shape(0);
        int stride = frame.placement().modelWidth() / side;
        int plane = decoded.length / 3;
        var ours = new float[recorded.size()];
        for (int i = 0; i < ours.length; i++) {
            int row = i / 3 / side * stride;
            int column = i / 3 % side * stride;
            float value = decoded[i % 3 * plane + row * frame.placement().modelWidth() + column];
            ours[i] = Math.max(0, Math.min(value / 2 + 0.5f, 1));
        }
        check.array("image", which, ours, recorded.toFloats());
    }

    /** Latents of the run as they are now. */
    float[] latents() {
        return sample.run().sample();
    }

    @Override
    public void close() {
        model.close();
    }
}
