// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.Decision.Label;
import io.github.anomalyany.vlad.DetectOptions;
import io.github.anomalyany.vlad.Calibration;
import io.github.anomalyany.vlad.ReferenceBank;
import io.github.anomalyany.vlad.VladDetector;
import java.util.List;

/** Lets good parts pass. */
public final class Gate {
    private final VladDetector detector;
    private final ReferenceBank bank;
    private final double threshold;

    public Gate(VladDetector detector, List<RgbImage> goodParts, double threshold) {
        this.detector = detector;
        this.bank = detector.index("wood", goodParts);
        this.threshold = threshold;
    }

    public boolean passes(RgbImage part) {
        var options = DetectOptions.none().withCalibration(Calibration.manual(threshold, threshold));
        return detector.detect(part, bank, options).decision().label() == Label.NORMAL;
    }
}
