// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.anomalyany.AnomalyAnyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

/** Whether README, CONTRIBUTING and the pages in {@code docs} say what there is. */
class DocumentationTest {
    private static Project project;
    private static List<Page> pages;

    @BeforeAll
    static void readPages() throws IOException, SAXException {
        project = Project.read();
        pages = Page.all(project.root());
        assertThat(pages).hasSizeGreaterThan(5);
    }

    @Test
    void everyJavaBlockIsCodeThatATestRuns() throws IOException {
        report(Regions.read(project.root().resolve("anomalyany-examples")).problems(pages));
    }

    @Test
    void everyCoordinateIsPublishedAndOfThePinnedVersion() {
        report(Coordinates.problems(pages, project));
    }

    @Test
    void everyCommandNamesProgramsOptionsAndGoalsThatThereAre() throws IOException {
        report(new Commands(project).problems(pages));
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        report(Links.problems(pages));
    }

    @Test
    void everyExceptionHasARowInTroubleshooting() throws IOException {
        Path page = project.root().resolve("docs/troubleshooting.md");
        var rows = Files.readAllLines(page).stream()
                .filter(line -> line.startsWith("|"))
                .toList();
        var exceptions = new ClassFileImporter()
                .withImportOption(location -> location.contains("Exception"))
                .importPackages(Project.GROUP);
        var names = exceptions.stream()
                .filter(type -> type.isAssignableTo(AnomalyAnyException.class)
                        && type.getModifiers().contains(JavaModifier.PUBLIC)
                        && !type.getPackageName().contains(".internal"))
                .map(JavaClass::getSimpleName)
                .sorted()
                .toList();
        assertThat(names).contains("AnomalyAnyException", "DetectionException");
        report(names.stream()
                .filter(name -> rows.stream().noneMatch(row -> row.contains("`" + name + "`")))
                .map(name -> "docs/troubleshooting.md: no row for `" + name + "`")
                .toList());
    }

    private static void report(List<String> problems) {
        if (!problems.isEmpty()) {
            fail(String.join("\n", problems));
        }
    }
}
