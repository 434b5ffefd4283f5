// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import java.util.OptionalDouble;

/** Steers one sample before each of its denoising steps. Belongs to one thread. */
interface Guidance {
    /** Moves the sample's latents, and perhaps its prompt. */
    void steer(Sample sample);

    /** What the last passes said and how many there were. */
    Tally tally();

    /** Counts passes and remembers losses. */
    final class Tally {
        private OptionalDouble attentionLoss = OptionalDouble.empty();
        private OptionalDouble imageLoss = OptionalDouble.empty();
        private int attentionPasses;
        private int imagePasses;

        void attention(double loss) {
            attentionLoss = OptionalDouble.of(loss);
            attentionPasses++;
        }

        void image(double loss) {
            imageLoss = OptionalDouble.of(loss);
            imagePasses++;
        }

        /** The last attention loss. */
        OptionalDouble attentionLoss() {
            return attentionLoss;
        }

        /** The last image loss. */
        OptionalDouble imageLoss() {
            return imageLoss;
        }

        int attentionPasses() {
            return attentionPasses;
        }

        int imagePasses() {
            return imagePasses;
        }
    }
}
