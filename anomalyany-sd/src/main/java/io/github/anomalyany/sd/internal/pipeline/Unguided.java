// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

/** Plain image-to-image: nothing steers. */
final class Unguided implements Guidance {
    private final Tally tally = new Tally();

    @Override
    public void steer(Sample sample) {}

    @Override
    public Tally tally() {
        return tally;
    }
}
