// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.vae;

import java.util.Arrays;

/** The Gaussian that an encoder gives for a picture: mean and log-variance of each latent. */
public final class Posterior {
    private static final float MIN_LOG_VARIANCE = -30;
    private static final float MAX_LOG_VARIANCE = 20;

    private final float[] mean;
    private final float[] logVariance;

    private Posterior(float[] mean, float[] logVariance) {
        this.mean = mean;
        this.logVariance = logVariance;
    }

    /**
     * Reads an encoder's output.
     *
     * @param moments mean, then log-variance, [2C, h, w]
     * @return the Gaussian
     */
    public static Posterior of(float[] moments) {
        int half = moments.length / 2;
        float[] logVariance = Arrays.copyOfRange(moments, half, moments.length);
        for (int i = 0; i < half; i++) {
            logVariance[i] = Math.max(MIN_LOG_VARIANCE, Math.min(logVariance[i], MAX_LOG_VARIANCE));
        }
        return new Posterior(Arrays.copyOf(moments, half), logVariance);
    }

    /**
     * The mean, which is also the mode.
     *
     * @return [C, h, w]
     */
    public float[] mean() {
        return mean.clone();
    }

    /**
     * The log-variance, clamped to [−30, 20].
     *
     * @return [C, h, w]
     */
    public float[] logVariance() {
        return logVariance.clone();
    }

    /**
     * The standard deviation.
     *
     * @return [C, h, w]
     */
    public float[] deviation() {
        var deviation = new float[logVariance.length];
        for (int i = 0; i < deviation.length; i++) {
            deviation[i] = (float) Math.exp(0.5 * logVariance[i]);
        }
        return deviation;
    }

    /**
     * A sample.
     *
     * @param noise unit noise [C, h, w]
     * @return mean + deviation·noise
     */
    public float[] sample(float[] noise) {
        float[] sample = deviation();
        for (int i = 0; i < sample.length; i++) {
            sample[i] = mean[i] + sample[i] * noise[i];
        }
        return sample;
    }
}
