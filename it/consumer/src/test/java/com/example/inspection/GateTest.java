// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import static io.github.anomalyany.testing.vlad.VladAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.testing.FakeGenerator;
import io.github.anomalyany.testing.vlad.FakeDetector;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateTest {
    @Test
    void stopsWhatScoresAboveTheThreshold() {
        var broken = Photos.wood(2);
        var detector = new FakeDetector().scoring(part -> part.equals(broken) ? 0.7 : 0.3);
        var gate = new Gate(detector, List.of(Photos.wood(1)), 0.5);
        assertThat(gate.passes(broken)).isFalse();
        assertThat(gate.passes(Photos.wood(3))).isTrue();
        assertThat(detector.calls()).hasSize(2);
    }

    @Test
    void aFakeDetectorFindsWhatAFakeGeneratorMade() {
        var made = new FakeGenerator().generate(Photos.wood(1), "a photo of wood with a hole");
        var detector = new FakeDetector();
        var bank = detector.index("wood", List.of(Photos.wood(1)));
        assertThat(detector.detect(made.image(), bank)).scoresHigherThan(detector.detect(Photos.wood(1), bank));
    }
}
