// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.examples.Arguments.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationOptionsTest {
    @TempDir
    private Path folder;

    private EvaluationOptions parse(String... options) {
        var args = new ArrayList<>(List.of(folder.toString()));
        args.addAll(Arrays.asList(options));
        return EvaluationOptions.parse(args.toArray(String[]::new));
    }

    @Test
    void wantsTheDatasetFirst() {
        for (String[] args : new String[][] {{}, {"--out", "x"}}) {
            assertThatThrownBy(() -> EvaluationOptions.parse(args))
                    .isInstanceOf(UsageException.class)
                    .hasMessage("the first argument must be the dataset's folder");
        }
        assertThatThrownBy(() -> EvaluationOptions.parse("no-such-folder"))
                .isInstanceOf(UsageException.class)
                .hasMessage("dataset no-such-folder: no such folder");
    }

    @Test
    void explainsWhatIsWrong() {
        Map.of(
                        List.of("--shots", "1,0"),
                        "--shots must be different whole numbers from 1, parted by commas, but had \"0\"",
                        List.of("--shots", "2,2"),
                        "--shots must be different whole numbers from 1, parted by commas, but had \"2\"",
                        List.of("--seeds", "0"),
                        "--seeds must be a whole number in [1, 1000] but was 0",
                        List.of("--methods", "bank,moon"),
                        "--methods must be of zero-shot,bank,adapters, parted by commas, but had \"moon\"",
                        List.of("--methods", "adapters"),
                        "the method adapters and --adapters FILE need each other",
                        List.of("--methods", "bank", "--adapters", "gone"),
                        "the method adapters and --adapters FILE need each other",
                        List.of("--adapters", "gone"),
                        "--adapters gone: no such file",
                        List.of("--model", "gone"),
                        "--model gone: no such folder")
                .forEach((options, message) -> assertThatThrownBy(() -> parse(options.toArray(String[]::new)))
                        .isInstanceOf(UsageException.class)
                        .hasMessage(message));
    }

    @Test
    void hasDefaults() {
        var options = parse();

        assertThat(options.shots()).containsExactly(1, 2, 4);
        assertThat(options.seedList()).containsExactly(0L, 1L, 2L);
        assertThat(options.methods()).containsExactly("zero-shot", "bank");
        assertThat(options.side()).isEqualTo(512);
        assertThat(options.model()).isEmpty();
    }

    @Test
    void aFileOfAdaptersAddsTheirMethod() throws IOException {
        var file = Files.createFile(folder.resolve("adapters.safetensors"));

        assertThat(parse("--adapters", file.toString()).methods()).containsExactly("zero-shot", "bank", "adapters");
    }
}
