// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class TensorRuntimeTest {
    @Test
    void saysWhereAndWhyNativeLibrariesDontLoadAndWhatToAdd() {
        var cause = new EngineException(
                "Cannot download jni files: https://publish.djl.ai/pytorch/2.5.1",
                new IOException("Offline mode is enabled."));
        assertThat(TensorRuntime.notLoaded(cause))
                .hasCause(cause)
                .hasMessageContainingAll(
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        "pytorch/2.5.1",
                        "Offline mode is enabled.",
                        "add ai.djl.pytorch:pytorch-native-cpu:2.7.1, and no other version");
    }
}
