// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.anomalyany.examples.docs.Regions.Region;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/** That the checks of the pages find what is wrong, on invented pages. */
class PageChecksTest {
    private static Project project;

    @BeforeAll
    static void readPoms() throws IOException, SAXException {
        project = Project.read();
    }

    @Test
    void findsCodeThatNoTestRunsAndRegionsThatNoPageShows() {
        var regions = new Regions(
                List.of(new Region("X.java used", List.of("a();")), new Region("X.java unused", List.of("b();"))),
                List.of(List.of("class X {", "    int x;", "    int y;", "}")));
        var page =
                page("Text", "```java", "a();", "```", "```java", "int x;", "int y;", "```", "```java", "c();", "```");
        assertThat(regions.problems(List.of(page)))
                .satisfiesExactly(
                        wrong -> assertThat(wrong)
                                .startsWith("docs/page.md:10: no region")
                                .contains("    c();"),
                        unused -> assertThat(unused).startsWith("X.java unused: region that no page shows"));
    }

    @Test
    void readsRegionsAtTheLeftMargin() {
        var lines = List.of("    // region one", "    if (a) {", "        b();", "    }", "    // endregion");
        assertThat(Regions.regions("X.java", lines))
                .containsExactly(new Region("X.java one", List.of("if (a) {", "    b();", "}")));
        assertThatIllegalStateException()
                .isThrownBy(() -> Regions.regions("X.java", lines.subList(0, 4)))
                .withMessage("X.java: region one has no end");
    }

    @ParameterizedTest
    @CsvSource({
        "<dependency>, not well-formed",
        "<dependency><groupId>io.github.anomalyany</groupId><artifactId>anomalyany-x</artifactId></dependency>, no published",
        "<dependency><groupId>ai.djl</groupId><artifactId>api</artifactId><version>9</version></dependency>, root POM has 0",
    })
    void findsWhatIsWrongWithXml(String xml, String problem) {
        assertThat(Coordinates.problems(List.of(page("```xml", xml, "```")), project))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:2: ")
                .contains(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "`io.github.anomalyany:anomalyany-examples`",
                "testImplementation(\"org.assertj:assertj-core:3.0.0\")",
                "`ai.djl.pytorch:pytorch-native-cpu:2.5.1:linux-x86_64`",
                "`org.nobody:nothing:1.0`"
            })
    void findsWrongCoordinatesInText(String text) {
        assertThat(Coordinates.problems(List.of(page("", text)), project))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:2: ");
    }

    @ParameterizedTest
    @CsvSource({
        "./mvnw -Pdmeo, no profile dmeo",
        "./mvnw verify -pl anomalyany-x, no module anomalyany-x",
        "./mvnw verfy, verfy is no phase",
        "./mvnw spottles:apply, spottles:apply is no phase",
        "./mvnw -Pdemo -Dexample=Nothing, no example Nothing",
        "./mvnw -Pdemo -Dexample=SampleKind, no example SampleKind",
        "./mvnw -Pdemo -Dexec.args=\"--imag x.png\", GenerateAnomaly has no option --imag",
        "./mvnw -Pdemo -Dexample=CloseTheLoop -Dexec.args=\"--shots 1 --no 2\", CloseTheLoop has no option --no",
    })
    void findsWhatIsWrongWithCommands(String command, String problem) throws IOException {
        assertThat(new Commands(project)
                        .problems(List.of(page("```", command + "  # why", "```", "see `./mvnw verify`"))))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:2: " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[a](nothing.md)", "![a](images/x.png)", "[a](#no)", "[`a`](../README.md#nowhere)"})
    void findsLinksThatLeadNowhere(String link) throws IOException {
        assertThat(Links.problems(List.of(page("# A heading", "x " + link + " [b](#a-heading) [c](https://a.b)"))))
                .singleElement()
                .asString()
                .startsWith("docs/page.md:2: link leads nowhere: ");
    }

    @Test
    void namesAnchorsAsGitHubDoes() {
        assertThat(page("# One: `two`, 3!", "## A", "```", "# no heading", "```", "## A")
                        .anchors())
                .containsExactly("one-two-3", "a", "a-1");
    }

    private static Page page(String... lines) {
        return new Page(project.root(), "docs/page.md", List.of(lines));
    }
}
