// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.anomalyany.vlad.FakeDetector;
import org.junit.jupiter.api.Test;

class DetectorMethodTest {
    @Test
    void descriptionChangesWithTheSettingsOnly() {
        var first = EvaluationMethod.of("bank", new FakeDetector("fusion=sum"));
        var same = EvaluationMethod.of("bank", new FakeDetector("fusion=sum"));
        var other = EvaluationMethod.of("bank", new FakeDetector("fusion=weighted"));

        assertThat(first.description()).contains("fusion=sum").isEqualTo(same.description());
        assertThat(other.description()).isNotEqualTo(first.description());
    }

    @Test
    void onlyTheOneWithABankUsesGoodPictures() {
        var detector = new FakeDetector("");

        assertThat(EvaluationMethod.of("bank", detector).usesNormals()).isTrue();
        assertThat(EvaluationMethod.zeroShot("texts", detector).usesNormals()).isFalse();
    }
}
