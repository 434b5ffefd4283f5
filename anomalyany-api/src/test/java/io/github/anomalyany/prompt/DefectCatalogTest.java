// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefectCatalogTest {
    private final DefectCatalog catalog = DefectCatalog.standard();

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a hazelnut", "a photo of a shortcut", "!?", "a nutcracker, uncut", "裂缝"})
    void findsNothingWhereNoWordIsInTheCatalogue(String prompt) {
        assertThat(catalog.find(prompt)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "a,b", "-"})
    void rejectsWhatIsNotOneWord(String word) {
        assertThatThrownBy(() -> catalog.with("gloop", word))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("words must be single words but one was \"" + word + "\"");
    }

    @Test
    void namesTheLineOfAResourceThatIsWrong(@TempDir Path folder) throws IOException {
        Path file =
                Files.createDirectories(folder.resolve("META-INF/anomalyany")).resolve("defects.txt");
        Files.writeString(file, "gloop\n# fine\ngloop, , gloops\n");
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            thread.setContextClassLoader(loader);
            assertThatThrownBy(DefectCatalog::standard)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("line 3 of ")
                    .hasMessageEndingWith("defects.txt: \"\" isn't a word");
            Files.writeString(file, "gloop, gloops");
            assertThat(DefectCatalog.standard().find("a lens with gloops")).contains("gloops");
        } finally {
            thread.setContextClassLoader(before);
        }
        assertThat(DefectCatalog.standard().find("a lens with gloops")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a hazelnut with a deep crack, crack",
        "a metal nut with a cut, cut",
        "A photo of a Bottle with a BROKEN neck, BROKEN",
        "bent wires, bent",
        "wood: scratched., scratched",
        "a transistor with a missing leg, missing",
        "a screw that has a scratch, scratch"
    })
    void findsTheWordAsThePromptHasIt(String prompt, String word) {
        assertThat(catalog.find(prompt)).contains(word);
    }

    @ParameterizedTest
    @CsvSource({
        "a damaged capsule with a crack, crack",
        "a crack in a damaged capsule, crack",
        "a defective bottle with broken glass, broken",
        "a silicon chip with a scratch, scratch",
        "a scratch on a silicon chip, scratch",
        "a cracked tile with a stain and a hole, stain",
        "a colour print with a smudge, smudge",
        "a colour defect, colour",
        "an oil can with damage, damage"
    })
    void prefersTheWordOfTheDamage(String prompt, String word) {
        assertThat(catalog.find(prompt)).contains(word);
    }

    /** One phrase for each kind of defect of MVTec AD and VisA. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "broken large",
                "broken small",
                "contamination",
                "bent wire",
                "cable swap",
                "combined",
                "cut inner insulation",
                "missing cable",
                "poke insulation",
                "crack",
                "faulty imprint",
                "poke",
                "scratch",
                "squeeze",
                "color",
                "cut",
                "hole",
                "metal contamination",
                "thread",
                "bent",
                "glue",
                "broken",
                "print",
                "fold",
                "flip",
                "pill type with a wrong colour",
                "manipulated front",
                "scratch head",
                "scratch neck",
                "thread side",
                "glue strip",
                "gray stroke",
                "oil",
                "rough",
                "defective",
                "bent lead",
                "cut lead",
                "damaged case",
                "misplaced",
                "liquid",
                "broken teeth",
                "fabric border with a tear",
                "split teeth",
                "squeezed teeth",
                "melt",
                "dirt",
                "damage",
                "burnt",
                "chip around edge and corner",
                "corner missing",
                "small holes",
                "same colour spot",
                "stuck together",
                "different colour spot",
                "foreign particles",
                "extra wax",
                "weird wick",
                "leak",
                "bubble",
                "discolor",
                "misshape",
                "breakage down the middle",
                "wrong place",
                "unusual surface"
            })
    void knowsTheDefectsOfTheBenchmarks(String phrase) {
        assertThat(catalog.find(phrase)).isPresent();
    }

    @Test
    void mergesResourcesOfTheClassPath() {
        assertThat(catalog.find("a brick with white efflorescence")).contains("efflorescence");
    }

    @Test
    void canBeExtended() {
        var more = catalog.with("gloop", "Damaged");
        assertThat(more.find("a lens with Gloop")).contains("Gloop");
        assertThat(more.find("a damaged lens, glued")).contains("damaged");
        assertThat(catalog.find("a lens with gloop")).isEmpty();
    }

    @Test
    void listsWordsWithoutPunctuation() {
        assertThat(DefectCatalog.words("A bottle's neck, water-damaged (2×)  – naïve!"))
                .containsExactly("A", "bottle's", "neck", "water", "damaged", "2", "naïve");
        assertThat(DefectCatalog.words("...")).isEmpty();
    }
}
