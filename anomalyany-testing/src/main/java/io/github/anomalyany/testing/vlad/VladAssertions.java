// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import io.github.anomalyany.vlad.Detection;

/** AssertJ assertions for what detectors give. Import it beside AssertJ's own. */
public final class VladAssertions {
    private VladAssertions() {}

    /**
     * Begins an assertion.
     *
     * @param actual what was found in a picture
     * @return its assertions
     */
    public static DetectionAssert assertThat(Detection actual) {
        return new DetectionAssert(actual);
    }
}
