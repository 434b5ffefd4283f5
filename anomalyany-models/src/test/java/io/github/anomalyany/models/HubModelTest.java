// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "a/b/c",
                "../name",
                "owner/..",
                "a--b/c",
                "a/b..c",
                "/a",
                "a/",
                "a b/c",
                "a\\b/c",
                "-a/b"
            })
    void refusesWhatIsNoRepository(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubModel.of(id))
                .withMessageContaining("OWNER/NAME")
                .withMessageContaining('"' + id + '"');
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/../b", "/main", "main/", "a//b", "a b", "a\\b", "./a", "a:b"})
    void refusesWhatIsNoRevision(String revision) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HubModel.of("owner/name").withRevision(revision))
                .withMessageContaining('"' + revision + '"');
    }

    @Test
    void refusesPatternsThatAreNone() {
        var model = HubModel.of("owner/name");

        assertThatIllegalArgumentException().isThrownBy(() -> model.withInclude("a", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> model.withExclude("[z-a]"));
    }

    @Test
    void keepsWhatItIsGiven() {
        var model = HubModel.of("stable-diffusion-v1-5/stable-diffusion-v1-5");

        assertThat(model.revision()).isEqualTo("main");
        assertThat(model.withRevision("refs/pr/1").withInclude("a").withExclude("b", "c"))
                .isEqualTo(new HubModel(model.id(), "refs/pr/1", List.of("a"), List.of("b", "c")));
    }

    @ParameterizedTest
    @CsvSource({
        "*.json, unet/config.json, true",
        "*.json, config.jsonl, false",
        "unet/*, unet/a/b, true",
        "unet/, unet/a/b, true",
        "unet, unet/a, false",
        "model?.txt, model1.txt, true",
        "model?.txt, model.txt, false",
        "model[12].txt, model2.txt, true",
        "model[!12].txt, model2.txt, false",
        "model[!12].txt, model3.txt, true",
        "model[a-c].txt, modelb.txt, true",
        "model[.txt, model[.txt, true",
        "model[]].txt, model].txt, true",
        "a+b(c).txt, a+b(c).txt, true",
        "a.txt, abtxt, false",
        "A.txt, a.txt, false"
    })
    void patternsAreThoseOfTheShellTool(String pattern, String path, boolean matches) {
        assertThat(Glob.matches(pattern, path)).isEqualTo(matches);
    }
}
