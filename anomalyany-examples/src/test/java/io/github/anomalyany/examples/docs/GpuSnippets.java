// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.Device;
import io.github.anomalyany.EngineUnavailableException;
import io.github.anomalyany.sd.StableDiffusionOptions;
import io.github.anomalyany.sd.StableDiffusionOptions.Memory;
import io.github.anomalyany.tiny.TinyModels;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The code of docs/gpu.md. */
class GpuSnippets {
    private final Path directory = TinyModels.directory();

    @Test
    void choosesADeviceAndMemory() {
        // region device
        var generator = AnomalyGenerator.builder()
                .modelDirectory(directory)
                .device(Device.auto()) // the default; or Device.cpu(), Device.cuda(0)
                .engineOptions(new StableDiffusionOptions(4, Memory.SMALL))
                .build();
        // endregion
        assertThat(generator).isNotNull();
        generator.close();
    }

    @Test
    void refusesADeviceThatIsNotThere() {
        var builder = TinyModels.generator().device(Device.cuda(99));
        assertThatThrownBy(builder::build)
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageStartingWith("cuda(99) was asked for but PyTorch 2.7.1 sees ");
    }
}
