// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightFilesTest {
    @ParameterizedTest
    @MethodSource("networks")
    void mapsEveryTensorOfTheGoldenModels(Path folder) {
        try (var index = TensorIndex.open(folder)) {
            assertThat(index.names()).isNotEmpty();
            for (var name : index.names()) {
                var entry = index.get(name);
                assertThat((long) entry.map().remaining()).isEqualTo(entry.byteLength());
            }
        }
    }

    static List<Path> networks() throws Exception {
        try (var files = Files.walk(Path.of(System.getProperty("anomalyany.goldens"), "models"))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
        }
    }
}
