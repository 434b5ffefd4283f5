// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.djl.Tape;
import io.github.anomalyany.noise.NoiseSource.Purpose;
import io.github.anomalyany.sd.internal.unet.Unet;
import io.github.anomalyany.sd.internal.unet.UnetInput;
import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.SchedulePlan.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Takes a batch of samples from noise to clean latents, step by step. Belongs to one thread. */
final class Denoiser {
    private final Unet unet;
    private final PreparedRequest request;
    private final Conditioning conditioning;
    private final double guidanceScale;
    private final RunWatch watch;

    Denoiser(Unet unet, PreparedRequest request, Conditioning conditioning, double guidanceScale, RunWatch watch) {
        this.unet = unet;
        this.request = request;
        this.conditioning = conditioning;
        this.guidanceScale = guidanceScale;
        this.watch = watch;
    }

    /** Makes all steps of the samples, which share one plan. */
    void run(List<Sample> samples) {
        while (!samples.get(0).run().isFinished()) {
            step(samples);
        }
    }

    private void step(List<Sample> samples) {
        for (Sample sample : samples) {
            sample.attention().ifPresent(guidance -> guidance.steer(sample.run()));
            sample.clip().ifPresent(guidance -> guidance.steer(sample.run()));
        }
        Step step = samples.get(0).run().step();
        int index = samples.get(0).run().index();
        List<float[]> predictions = predict(samples, step);
        for (int i = 0; i < samples.size(); i++) {
            Sample sample = samples.get(i);
            advance(sample, step, index, predictions.get(i));
            watch.step(
                    sample.index(),
                    index,
                    step.timestep(),
                    sample.attention().map(AttentionGuidance::lastLoss).orElse(OptionalDouble.empty()),
                    sample.clip().map(ClipGuidance::lastLoss).orElse(OptionalDouble.empty()));
        }
    }

    /** The scheduler's step, then the normal picture back outside the region, at the noise level just reached (eq. 5). */
    private void advance(Sample sample, Step step, int index, float[] prediction) {
        int length = prediction.length;
        float[] noise = step.drawsNoise() ? sample.noise().normal(Purpose.STEP, index, length) : new float[length];
        float[] latents = sample.run().advance(prediction, noise);
        sample.run()
                .replaceSample(conditioning.blend(
                        latents,
                        request.normalLatents(),
                        sample.epsilon(),
                        request.latentRegion(),
                        step.signalAfter(),
                        step.noiseAfter()));
    }

    /** ε = ε_u + g(ε_c − ε_u) of each sample, in one pass. The last step's attention is kept for the annotation. */
    private List<float[]> predict(List<Sample> samples, Step step) {
        int count = samples.size();
        boolean guided = guidanceScale != 1;
        int batch = guided ? 2 * count : count;
        int length = samples.get(0).epsilon().length;
        int textLength = request.text().length / 2;
        var latents = new float[batch * length];
        var text = new float[batch * textLength];
        for (int b = 0; b < batch; b++) {
            boolean conditional = b >= batch - count;
            System.arraycopy(samples.get(b % count).run().modelInput(), 0, latents, b * length, length);
            System.arraycopy(request.text(), conditional ? textLength : 0, text, b * textLength, textLength);
        }
        var timesteps = new float[batch];
        Arrays.fill(timesteps, (float) step.timestep());
        var input =
                new UnetInput(request.frame().latentRows(), request.frame().latentColumns(), timesteps, latents, text);
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
            return unet.predict(input);
        }
        try (var pass = unet.run(input, Tape.Memory.INFERENCE)) {
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
            prediction[i] = (float) (unguided + guidanceScale * (all[conditional + i] - unguided));
        }
        return prediction;
    }
}
