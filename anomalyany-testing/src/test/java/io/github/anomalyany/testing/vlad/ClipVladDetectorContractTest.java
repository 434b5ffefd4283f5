// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing.vlad;

import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.VladDetector;

/** The contract of detectors, on the library's with the built-in model. */
class ClipVladDetectorContractTest extends VladDetectorContract {
    @Override
    protected VladDetector open() {
        return VladDetector.builder().modelDirectory(TinyModels.directory()).build();
    }
}
