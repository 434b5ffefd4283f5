// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.models.ModelUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @TempDir
    private Path folder;

    private String photo = "";

    @BeforeEach
    void makePhoto() throws IOException {
        photo = Files.createFile(folder.resolve("photo.png")).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--imgae", "photo.png", "-prompt", ""})
    void refusesUnknownOptionAndListsTheOptions(String option) {
        assertThatThrownBy(() -> Arguments.parse(option, "value"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(option + ": no such option")
                .hasMessageContaining("--image --prompt");
    }

    @Test
    void refusesOptionWithoutValueAtTheEnd() {
        assertThatThrownBy(() -> Arguments.parse("--seed", "1", "--prompt"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--prompt needs a value");
    }

    @Test
    void refusesOptionInThePlaceOfAValue() {
        assertThatThrownBy(() -> Arguments.parse("--prompt", "--seed", "1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--prompt needs a value");
    }

    @Test
    void refusesOptionGivenTwice() {
        assertThatThrownBy(() -> Arguments.parse("--seed", "1", "--seed", "2"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--seed is given twice: [1, 2]");
    }

    @Test
    void refusesPhotoWithoutPrompt() {
        assertThatThrownBy(() -> Arguments.parse("--image", photo))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--image needs --prompt");
    }

    @Test
    void refusesPhotoThatIsNotThere() {
        assertThatThrownBy(() -> Arguments.parse("--image", photo + "x", "--prompt", "a brick with a hole"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--image " + photo + "x: no such file");
    }

    @Test
    void refusesModelThatIsAFile() {
        assertThatThrownBy(() -> Arguments.parse("--model", photo))
                .isInstanceOf(UsageException.class)
                .hasMessage("--model " + photo + ": no such folder");
    }

    @Test
    void looksForAModelOfTheHubInTheCache() {
        assertThatThrownBy(() -> Arguments.parse("--model", "hf:nobody/nothing"))
                .isInstanceOf(ModelUnavailableException.class)
                .hasMessageContaining("nobody/nothing at revision main isn't in the cache");
        assertThatThrownBy(() -> Arguments.parse("--model", "hf:nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("OWNER/NAME");
    }

    @Test
    void refusesMaskThatIsAFolder() {
        assertThatThrownBy(() -> Arguments.parse("--mask", folder.toString()))
                .isInstanceOf(UsageException.class)
                .hasMessage("--mask " + folder + ": no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "two", "1.5", ""})
    void refusesCountThatIsNoSuchNumber(String count) {
        assertThatThrownBy(() -> Arguments.parse("--count", count))
                .isInstanceOf(UsageException.class)
                .hasMessage("--count must be a whole number in [1, 1000] but was " + count);
    }

    @Test
    void refusesSeedThatIsNoNumber() {
        assertThatThrownBy(() -> Arguments.parse("--seed", "luck"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--seed must be a whole number")
                .hasMessageEndingWith("but was luck");
    }

    @Test
    void refusesUnknownSettings() {
        assertThatThrownBy(() -> Arguments.parse("--preset", "paper"))
                .isInstanceOf(UsageException.class)
                .hasMessage("--preset must be anomaly-any, cut, reference, fast or image-to-image but was paper");
    }

    @Test
    void nothingGivenMeansTheSamplePhotoAndItsPrompt() {
        var arguments = Arguments.parse();

        assertThat(arguments.image()).isEmpty();
        assertThat(arguments.prompt()).isEqualTo(Arguments.SAMPLE_PROMPT);
        assertThat(arguments.emphasized()).isEmpty();
        assertThat(arguments.model()).isEmpty();
        assertThat(arguments.mask()).isEmpty();
        assertThat(arguments.out()).isEqualTo(Path.of("out"));
        assertThat(arguments.seed()).isZero();
        assertThat(arguments.count()).isOne();
        assertThat(arguments.settings()).isEmpty();
        assertThat(arguments.retries()).isZero();
    }

    @Test
    void readsEveryOption() {
        var arguments = Arguments.parse(
                ("--image;%s;--prompt;a worn brick;--emphasize;worn;--emphasize;brick;--model;%s;--mask;%s;--out;made;"
                                + "--seed;-7;--count;3;--preset;cut")
                        .formatted(photo, folder, photo)
                        .split(";", -1));

        assertThat(arguments.image()).contains(Path.of(photo));
        assertThat(arguments.prompt()).isEqualTo("a worn brick");
        assertThat(arguments.emphasized()).containsExactly("worn", "brick");
        assertThat(arguments.model()).contains(folder);
        assertThat(arguments.mask()).contains(Path.of(photo));
        assertThat(arguments.out()).isEqualTo(Path.of("made"));
        assertThat(arguments.seed()).isEqualTo(-7);
        assertThat(arguments.count()).isEqualTo(3);
        assertThat(arguments.settings())
                .hasValueSatisfying(settings -> assertThat(settings.steps()).isEqualTo(200));
    }

    @Test
    void usageNamesEveryOptionThatIsRead() {
        assertThatThrownBy(() -> Arguments.parse("?", "")).hasMessageContaining(String.join(" ", Arguments.OPTIONS));
        assertThat(Arguments.OPTIONS)
                .allSatisfy(option -> assertThat(Arguments.USAGE).contains("  " + option + " "));
    }
}
