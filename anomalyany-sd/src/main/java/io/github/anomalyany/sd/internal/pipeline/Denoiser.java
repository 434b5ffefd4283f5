// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.noise.NoiseSource.Purpose;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import io.github.anomalyany.strategy.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Takes a batch of samples from noise to clean latents, step by step. Belongs to one thread. */
final class Denoiser {
    /** What the samples of a request have in common. */
    record Plan(
            Unet unet, NoiseSchedule schedule, WorkingFrame frame, Conditioning conditioning, double guidanceScale) {}

    /** Hears of each sample's complete steps. */
    @FunctionalInterface
    interface Observer {
        /** The sample's latents and guidance are as the step left them. */
        void stepped(Sample sample, Step step, int index);
    }

    private final Plan plan;
    private final RunWatch watch;
    private final Observer observer;

    Denoiser(Plan plan, RunWatch watch, Observer observer) {
        this.plan = plan;
        this.watch = watch;
        this.observer = observer;
    }

    /** Makes all steps of the samples, which share one plan. */
    void run(List<Sample> samples) {
        while (!samples.get(0).run().isFinished()) {
            step(samples);
        }
    }

    /** Guidance, the guided prediction, the scheduler's step and the blend. */
    void step(List<Sample> samples) {
        for (Sample sample : samples) {
            sample.guidance().steer(sample);
        }
        Step step = samples.get(0).run().step();
        int index = samples.get(0).run().index();
        List<float[]> predictions = predict(samples, step);
        for (int i = 0; i < samples.size(); i++) {
            advance(samples.get(i), step, index, predictions.get(i));
            observer.stepped(samples.get(i), step, index);
        }
    }

    /** The scheduler's step, then the normal picture back outside the region (eq. 5). */
    void advance(Sample sample, Step step, int index, float[] prediction) {
        int length = prediction.length;
        var stream = sample.noise();
        float[] noise = step.drawsNoise() ? stream.normal(Purpose.STEP, index, length) : new float[length];
        float[] latents = sample.run().advance(prediction, noise);
        double alpha = plan.schedule.alphaCumulative((int) Math.rint(step.timestep()));
        var surroundings = new Surroundings(
                sample.normal(),
                sample.epsilon(),
                sample.region().latent(),
                plan.frame.latentRows(),
                plan.frame.latentColumns(),
                Math.sqrt(alpha) / step.inputScale(),
                Math.sqrt(1 - alpha) / step.inputScale(),
                step.signalAfter(),
                step.noiseAfter(),
                () -> stream.normal(Purpose.BACKGROUND, index, length));
        sample.run().replaceSample(plan.conditioning.blend(latents, surroundings));
    }

    /** ε = ε_u + g(ε_c − ε_u) of each sample, in one pass. The last step's attention is kept for the annotation. */
    List<float[]> predict(List<Sample> samples, Step step) {
        int count = samples.size();
        boolean guided = plan.guidanceScale != 1;
        int batch = guided ? 2 * count : count;
        int length = samples.get(0).epsilon().length;
        int textLength = samples.get(0).text().length / 2;
        var latents = new float[batch * length];
        var text = new float[batch * textLength];
        for (int b = 0; b < batch; b++) {
            Sample sample = samples.get(b % count);
            boolean conditional = b >= batch - count;
            System.arraycopy(sample.run().modelInput(), 0, latents, b * length, length);
            System.arraycopy(sample.text(), conditional ? textLength : 0, text, b * textLength, textLength);
        }
        var timesteps = new float[batch];
        Arrays.fill(timesteps, (float) step.timestep());
        var input = new UnetInput(plan.frame.latentRows(), plan.frame.latentColumns(), timesteps, latents, text);
        float[] all = watch.pass(() -> run(samples, input));
        var predictions = new ArrayList<float[]>();
        for (int i = 0; i < count; i++) {
            predictions.add(guide(all, i, count, length, guided));
        }
        return predictions;
    }

    private float[] run(List<Sample> samples, UnetInput input) {
        boolean last = samples.get(0).run().index() == samples.get(0).run().steps() - 1;
        if (!last) {
            return plan.unet.predict(input);
        }
        try (var pass = plan.unet.run(input, Tape.Memory.INFERENCE)) {
            for (int i = 0; i < samples.size(); i++) {
                samples.get(i).finalAttention(pass.attention(input.batch() - samples.size() + i));
            }
            return pass.prediction();
        }
    }

    private float[] guide(float[] all, int sample, int count, int length, boolean guided) {
        int at = sample * length;
        if (!guided) {
            return Arrays.copyOfRange(all, at, at + length);
        }
        var prediction = new float[length];
        int conditional = (count + sample) * length;
        for (int i = 0; i < length; i++) {
            float unguided = all[at + i];
            prediction[i] = (float) (unguided + plan.guidanceScale * (all[conditional + i] - unguided));
        }
        return prediction;
    }
}
