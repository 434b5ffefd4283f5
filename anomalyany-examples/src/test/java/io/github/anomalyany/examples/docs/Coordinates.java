// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.xml.sax.SAXException;

/** Maven coordinates on pages: in XML blocks, and as {@code group:artifact:version} anywhere. */
final class Coordinates {
    private static final Pattern SHORT = Pattern.compile(
            "((?:ai\\.djl|io\\.github\\.anomalyany|org\\.[a-z]+)[a-z.]*):([a-z][\\w-]*)(?::(\\d[\\w.-]*\\w))?");

    private Coordinates() {}

    /** What is wrong with them. */
    static List<String> problems(List<Page> pages, Project project) {
        var problems = new ArrayList<String>();
        for (Page page : pages) {
            page.blocks().stream()
                    .filter(block -> block.language().equals("xml"))
                    .forEach(block -> inXml(block, project).forEach(problem -> problems.add(block.shown(problem))));
            for (int i = 0; i < page.lines().size(); i++) {
                var matcher = SHORT.matcher(page.lines().get(i));
                while (matcher.find()) {
                    var problem =
                            project.problem(matcher.group(1), matcher.group(2), Optional.ofNullable(matcher.group(3)));
                    if (problem.isPresent()) {
                        problems.add("%s:%d: %s".formatted(page.name(), i + 1, problem.get()));
                    }
                }
            }
        }
        return problems;
    }

    private static List<String> inXml(Page.Block block, Project project) {
        try {
            var root = Project.parse("<block>" + String.join("\n", block.text()) + "</block>");
            return Project.elements(root, "dependency").stream()
                    .flatMap(dependency -> project
                            .problem(
                                    Project.text(dependency, "groupId"),
                                    Project.text(dependency, "artifactId"),
                                    Optional.of(Project.text(dependency, "version"))
                                            .filter(Predicate.not(String::isEmpty)))
                            .stream())
                    .toList();
        } catch (SAXException e) {
            return List.of("not well-formed: " + e.getMessage());
        }
    }
}
