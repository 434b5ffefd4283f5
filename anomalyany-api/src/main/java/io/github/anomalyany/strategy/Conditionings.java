// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.strategy;

import java.util.function.Supplier;

/** The conditionings that {@link Conditioning} offers. */
final class Conditionings {
    private Conditionings() {}

    static float[] noised(float[] clean, float[] epsilon, double signal, double noise) {
        var noised = new float[clean.length];
        for (int i = 0; i < noised.length; i++) {
            noised[i] = (float) (signal * clean[i] + noise * epsilon[i]);
        }
        return noised;
    }

    /** Starts at index T − ⌊T·γ⌋ of the descending timesteps. */
    record Strength(double gamma) implements Conditioning {
        Strength {
            if (!(gamma > 0 && gamma <= 1)) {
                throw new IllegalArgumentException("strength must be in (0, 1] but was " + gamma);
            }
        }

        @Override
        public String description() {
            return "strength(" + gamma + ")";
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            int steps = whole.requestedSteps();
            int run = Math.max(1, (int) (steps * gamma));
            return Math.min(steps - run, whole.steps().size() - 1);
        }
    }

    /** Starts at the timestep whose noise level comes nearest to σ. */
    record NoiseLevel(double sigma) implements Conditioning {
        NoiseLevel {
            if (!(sigma > 0 && sigma <= 1)) {
                throw new IllegalArgumentException("noiseLevel must be in (0, 1] but was " + sigma);
            }
        }

        @Override
        public String description() {
            return "noiseLevel(" + sigma + ")";
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            int best = 0;
            double nearest = Double.POSITIVE_INFINITY;
            for (int i = 0; i < whole.steps().size(); i++) {
                int timestep = (int) Math.rint(whole.steps().get(i).timestep());
                double distance = Math.abs(Math.sqrt(1 - schedule.alphaCumulative(timestep)) - sigma);
                if (distance < nearest) {
                    nearest = distance;
                    best = i;
                }
            }
            return best;
        }
    }

    /** As the released code starts, samples and blends. */
    record Released(Strength strength) implements Conditioning {
        Released(double gamma) {
            this(new Strength(gamma));
        }

        @Override
        public String description() {
            return "released(" + strength.gamma + ")";
        }

        @Override
        public int startIndex(SchedulePlan whole, NoiseSchedule schedule) {
            return strength.startIndex(whole, schedule);
        }

        @Override
        public float[] normalLatents(float[] mean, float[] deviation, Supplier<float[]> noise) {
            float[] sample = noise.get().clone();
            for (int i = 0; i < sample.length; i++) {
                sample[i] = mean[i] + deviation[i] * sample[i];
            }
            return sample;
        }

        @Override
        public float[] blend(float[] latents, Surroundings s) {
            float[] noise = s.freshNoise().get();
            return s.around(latents, noised(s.normal(), noise, s.signalBefore(), s.noiseBefore()));
        }
    }
}
