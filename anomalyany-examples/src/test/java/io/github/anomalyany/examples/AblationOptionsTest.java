// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.examples.Arguments.UsageException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AblationOptionsTest {
    @ParameterizedTest
    @CsvSource({"--kinds, 'brick,moon'", "--defects, 'crack,'", "--variants, ''", "--kinds, Brick", "--variants, CLIP"})
    void refusesUnknownNamesAndListsTheKnown(String option, String names) {
        assertThatThrownBy(() -> AblationOptions.parse(option, names))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(option + " must be of ")
                .hasMessageContaining(names.substring(names.lastIndexOf(',') + 1));
    }

    @ParameterizedTest
    @CsvSource({"--seeds, 0", "--seeds, many", "--image, a.png"})
    void refusesWhatNoOptionTakes(String option, String value) {
        assertThatThrownBy(() -> AblationOptions.parse(option, value))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(option);
    }

    @Test
    void withoutOptionsIsTheWholeAblation() {
        var options = AblationOptions.parse();

        assertThat(options.out()).isEqualTo(Path.of("docs", "ablation"));
        assertThat(options.defects()).containsExactly("crack", "scratch", "hole", "stain", "dent");
        assertThat(options.pictures()).isEqualTo(5 * 5 * 4 * 7);
    }

    @Test
    void plainAlwaysRunsAndTheOrderIsTheProgramsOwn() {
        var options = AblationOptions.parse("--variants", "clip,blend", "--kinds", "metal,brick");

        assertThat(options.variants())
                .containsExactly(AblationVariant.PLAIN, AblationVariant.BLEND, AblationVariant.CLIP);
        assertThat(options.kinds()).containsExactly(SampleKind.BRICK, SampleKind.METAL);
    }

    @Test
    void commandLineSaysTheSame() {
        var options = AblationOptions.parse("--seeds", "2", "--defects", "cut", "--variants", "clip-original");

        assertThat(AblationOptions.parse(options.commandLine().split(" ", -1))).isEqualTo(options);
    }
}
