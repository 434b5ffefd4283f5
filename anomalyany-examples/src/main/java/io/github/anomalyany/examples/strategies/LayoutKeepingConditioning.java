// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.strategies;

import io.github.anomalyany.strategy.Conditioning;
import io.github.anomalyany.strategy.NoiseSchedule;
import io.github.anomalyany.strategy.SchedulePlan;
import io.github.anomalyany.strategy.Surroundings;

/**
 * Keeps the part's outline and shading inside the region too. A run decides about the layout while its latents are noisy and
 * about details at the end; so this blend mixes the noised normal picture into the region, much at first and nothing at last:
 * its share is {@code keep} times the share of noise in the latents. With it a run can start from more noise and still give a
 * scratch along the part's surface instead of another surface.
 *
 * <pre>{@code
 * GenerationSettings.builder().conditioning(new LayoutKeepingConditioning(0.5, 0.6)).build();
 * }</pre>
 *
 * @param strength share of the run's steps that are taken, in (0, 1]
 * @param keep share of the normal picture inside the region at pure noise, 0 (none) to 1
 */
public record LayoutKeepingConditioning(double strength, double keep) implements Conditioning {
    /**
     * Checks the ranges.
     *
     * @param strength share of the run's steps that are taken, in (0, 1]
     * @param keep share of the normal picture inside the region at pure noise, 0 to 1
     * @throws IllegalArgumentException if one is out of range
     */
    public LayoutKeepingConditioning {
        if (!(strength > 0 && strength <= 1)) {
            throw new IllegalArgumentException("strength must be in (0, 1] but was " + strength);
        }
        if (!(keep >= 0 && keep <= 1)) {
            throw new IllegalArgumentException("keep must be in [0, 1] but was " + keep);
        }
    }

    @Override
    public String description() {
        return "layout-keeping(strength=" + strength + ",keep=" + keep + ")";
    }

    @Override
    public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
        return Conditioning.strength(strength).startIndex(whole, schedule);
    }

    @Override
    public float[] blend(float[] latents, Surroundings s) {
        // some schedulers scale their states, so it is the ratio that counts
        double noisy = s.noiseAfter() / Math.hypot(s.signalAfter(), s.noiseAfter());
        double share = keep * noisy;
        var background = new float[latents.length];
        var inside = new float[latents.length];
        for (int i = 0; i < latents.length; i++) {
            background[i] = (float) (s.signalAfter() * s.normal()[i] + s.noiseAfter() * s.epsilon()[i]);
            inside[i] = (float) ((1 - share) * latents[i] + share * background[i]);
        }
        return s.around(inside, background);
    }
}
