// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptEnsembleTest {
    @TempDir
    private Path folder;

    @Test
    void rejectsEmptyListsAndEntriesWithoutAPlace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PromptEnsemble("x", List.of(), List.of("broken {}"), List.of("{}.")))
                .withMessage("normalStates must have an entry but is empty");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PromptEnsemble("x", List.of("{}"), List.of("broken {}"), List.of("a photo.")))
                .withMessage("templates must have {} in each entry but one was \"a photo.\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"id\":\"x\"}",
                "{\"id\":{},\"normalStates\":[\"{}\"],\"abnormalStates\":[\"{}\"],\"templates\":[\"{}\"]}",
                "{\"id\":null,\"normalStates\":[\"{}\"],\"abnormalStates\":[\"{}\"],\"templates\":[\"{}\"]}",
                "{\"id\":\"x\",\"normalStates\":\"{}\",\"abnormalStates\":[\"{}\"],\"templates\":[\"{}\"]}",
                "{\"id\":\"x\",\"normalStates\":[null],\"abnormalStates\":[\"{}\"],\"templates\":[\"{}\"]}",
                "{\"id\":\"x\",\"normalStates\":[\"{}\"],\"abnormalStates\":[],\"templates\":[\"{}\"]}",
                "{\"id\":\"x\",\"normalStates\":[\"{}\"],\"abnormalStates\":[\"bad\"],\"templates\":[\"{}\"]}"
            })
    void refusesFilesThatAreNoEnsembles(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("mine.json"), json);

        assertThatIOException()
                .isThrownBy(() -> PromptEnsemble.read(file))
                .withMessageContaining(
                        "mine.json must be a JSON object with id, normalStates, abnormalStates and templates");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatIOException()
                .isThrownBy(() -> PromptEnsemble.read(folder.resolve("absent.json")))
                .withMessageContaining("absent.json");
    }

    @Test
    void readsAnEnsembleOfOnesOwn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.json"),
                "{\"id\":\"mine\",\"normalStates\":[\"clean {}\"],\"abnormalStates\":[\"dirty {}\",\"{} with dirt\"],"
                        + "\"templates\":[\"a scan of {}.\",\"{}\"]}");

        var prompts = PromptEnsemble.read(file);

        assertThat(prompts.id()).isEqualTo("mine");
        assertThat(prompts.normal("lens")).containsExactly("a scan of clean lens.", "clean lens");
        assertThat(prompts.abnormal("lens"))
                .containsExactly("a scan of dirty lens.", "dirty lens", "a scan of lens with dirt.", "lens with dirt");
    }

    @Test
    void leavesBracesInANameAlone() {
        var prompts = new PromptEnsemble("x", List.of("{}"), List.of("broken {}"), List.of("a {}."));

        assertThat(prompts.abnormal("{} bolt")).containsExactly("a broken {} bolt.");
    }

    static List<Arguments> presets() {
        return List.of(
                Arguments.of(PromptEnsemble.anomalyGpt(), "anomalygpt", 14, 10),
                Arguments.of(PromptEnsemble.winClip(), "winclip", 154, 88),
                Arguments.of(PromptEnsemble.aprilGan(), "april-gan", 245, 175));
    }

    @ParameterizedTest
    @MethodSource("presets")
    void hasTheSentencesOfItsSource(PromptEnsemble prompts, String id, int normal, int abnormal) {
        assertThat(prompts.id()).isEqualTo(id);
        assertThat(prompts.normal("bolt")).hasSize(normal).doesNotHaveDuplicates();
        assertThat(prompts.abnormal("bolt")).hasSize(abnormal).doesNotHaveDuplicates();
        assertThat(prompts.normal("bolt")).doesNotContainAnyElementsOf(prompts.abnormal("bolt"));
        assertThat(Stream.concat(prompts.normal("bolt").stream(), prompts.abnormal("bolt").stream()))
                .allMatch(sentence -> sentence.contains("bolt")
                        && sentence.endsWith(".")
                        && !sentence.contains("{")
                        && !sentence.contains("  "));
    }

    @Test
    void saysTheSentencesOfAnomalyGptWordByWord() {
        assertThat(PromptEnsemble.anomalyGpt().normal("bolt"))
                .containsExactlyInAnyOrder(
                        "a photo of a bolt.",
                        "a photo of the bolt.",
                        "a photo of a flawless bolt.",
                        "a photo of the flawless bolt.",
                        "a photo of a perfect bolt.",
                        "a photo of the perfect bolt.",
                        "a photo of a unblemished bolt.",
                        "a photo of the unblemished bolt.",
                        "a photo of a bolt without flaw.",
                        "a photo of the bolt without flaw.",
                        "a photo of a bolt without defect.",
                        "a photo of the bolt without defect.",
                        "a photo of a bolt without damage.",
                        "a photo of the bolt without damage.");
        assertThat(PromptEnsemble.anomalyGpt().abnormal("bolt"))
                .containsExactlyInAnyOrder(
                        "a photo of a damaged bolt.",
                        "a photo of the damaged bolt.",
                        "a photo of a broken bolt.",
                        "a photo of the broken bolt.",
                        "a photo of a bolt with flaw.",
                        "a photo of the bolt with flaw.",
                        "a photo of a bolt with defect.",
                        "a photo of the bolt with defect.",
                        "a photo of a bolt with damage.",
                        "a photo of the bolt with damage.");
    }

    @Test
    void hasTheTemplatesOfWinClip() {
        var templates = new HashSet<String>();
        for (String article : List.of("a", "the")) {
            for (String kind : List.of("cropped ", "close-up ", "bright ", "dark ", "jpeg corrupted ", "blurry ", "")) {
                templates.add("a " + kind + "photo of " + article + " {}.");
            }
            templates.add("a photo of " + article + " small {}.");
            templates.add("a photo of " + article + " large {}.");
            templates.add("a photo of " + article + " {} for visual inspection.");
            templates.add("a photo of " + article + " {} for anomaly detection.");
        }

        assertThat(PromptEnsemble.winClip().templates()).hasSize(22).hasSameElementsAs(templates);
        assertThat(PromptEnsemble.winClip().abnormalStates()).doesNotContain("broken {}");
    }

    @Test
    void hasTheTemplatesOfAprilGan() {
        assertThat(PromptEnsemble.aprilGan().templates())
                .hasSize(35)
                .doesNotHaveDuplicates()
                .contains(
                        "a low resolution photo of the {}.",
                        "a black and white photo of a {}.",
                        "a photo of the cool {}.",
                        "a photo of my {}.",
                        "a photo of one {}.",
                        "there is the {} in the scene.",
                        "this is one {} in the scene.");
    }

    @ParameterizedTest
    @CsvSource({
        "bolt, bolt",
        "metal_nut, metal nut",
        "pipe-fryum, pipe fryum",
        "macaroni1, macaroni",
        "pcb4, pcb",
        "screw_12, screw",
        "Bolt M8, bolt m",
        "3d print, 3d print",
        "' _weird__name_ ', weird name",
        "42, object",
        "_, object",
        "'', object",
        "TITLE, title"
    })
    void saysNamesInWords(String category, String words) {
        assertThat(PromptEnsemble.spoken(category)).isEqualTo(words);
    }

    @Test
    void hasAFingerprintOfItsSentencesOnly() {
        var one = new PromptEnsemble("one", List.of("{}"), List.of("broken {}"), List.of("{}."));
        var two = new PromptEnsemble("two", List.of("{}"), List.of("broken {}"), List.of("{}."));
        var other = new PromptEnsemble("one", List.of("{}"), List.of("damaged {}"), List.of("{}."));

        assertThat(one.fingerprint()).hasSize(16).isEqualTo(two.fingerprint()).isNotEqualTo(other.fingerprint());
    }
}
