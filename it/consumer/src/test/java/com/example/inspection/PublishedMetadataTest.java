// SPDX-License-Identifier: Apache-2.0
package com.example.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * What Gradle and other tools read from the published POMs: scope compile becomes their api, runtime their runtime class path, the
 * BOM's managed dependencies a platform.
 */
class PublishedMetadataTest {
    private static final String GROUP = "io.github.anomalyany";
    private static final String VERSION = System.getProperty("anomalyany.version");
    private static final Path REPOSITORY = Path.of(System.getProperty("bundle"), "io", "github", "anomalyany");

    /** What users compile against, and what they only need at run time. */
    private static final Map<String, List<String>> DEPENDENCIES = Map.of(
            "anomalyany-api", List.of("compile org.jspecify:jspecify"),
            "anomalyany-models", List.of("compile io.github.anomalyany:anomalyany-api", "compile com.google.code.gson:gson", "compile org.jspecify:jspecify"),
            "anomalyany-tiny", List.of("compile io.github.anomalyany:anomalyany-api", "compile org.jspecify:jspecify"),
            "anomalyany-testing",
                    List.of(
                            "compile io.github.anomalyany:anomalyany-api",
                            "compile io.github.anomalyany:anomalyany-vlad optional",
                            "compile org.junit.jupiter:junit-jupiter",
                            "compile org.assertj:assertj-core"));

    @Test
    void pomsSayAllThatAUserNeedsAndNothingElse() throws Exception {
        try (var modules = Files.list(REPOSITORY)) {
            for (Path module : modules.toList()) {
                String name = module.getFileName().toString();
                Element project = pom(name);
                assertThat(text(project, "version")).as(name).isEqualTo(VERSION);
                assertThat(children(project, "parent")).as(name).isEmpty();
                assertThat(children(project, "repositories")).as(name).isEmpty();
                for (Element dependency : dependencies(project)) {
                    String what = name + " needs " + text(dependency, "artifactId");
                    assertThat(text(dependency, "version")).as(what).isNotBlank().doesNotContain("$", "[", "SNAPSHOT");
                    assertThat(text(dependency, "scope")).as(what).isIn("compile", "runtime");
                    assertThat(text(dependency, "artifactId")).as(what).doesNotStartWith("pytorch-native");
                    assertThat(text(dependency, "type")).as(what).isIn("", "jar");
                }
            }
        }
    }

    @Test
    void scopesAreThoseThatUsersCompileAgainst() throws Exception {
        for (var expected : DEPENDENCIES.entrySet()) {
            assertThat(scopes(expected.getKey())).as(expected.getKey()).containsExactlyInAnyOrderElementsOf(expected.getValue());
        }
        for (String engine : List.of("anomalyany-sd", "anomalyany-vlad")) {
            assertThat(scopes(engine)).as(engine).contains(
                    "compile io.github.anomalyany:anomalyany-api",
                    "compile io.github.anomalyany:anomalyany-djl",
                    "compile io.github.anomalyany:anomalyany-models");
        }
        assertThat(scopes("anomalyany-djl")).contains("runtime ai.djl.pytorch:pytorch-jni", "compile ai.djl:api");
    }

    @Test
    void theBomManagesExactlyOurLibraries() throws Exception {
        Element managed = children(pom("anomalyany-bom"), "dependencyManagement").get(0);
        var found = new TreeMap<String, String>();
        for (Element dependency : dependencies(managed)) {
            String version = text(dependency, "version").replace("${project.version}", VERSION);
            found.put(text(dependency, "groupId") + ":" + text(dependency, "artifactId"), version);
        }
        try (var modules = Files.list(REPOSITORY)) {
            assertThat(found.keySet()).containsExactlyInAnyOrderElementsOf(modules.map(module -> GROUP + ":" + module.getFileName())
                    .filter(name -> !name.endsWith("-bom"))
                    .toList());
        }
        assertThat(found.values()).containsOnly(VERSION);
    }

    private static List<String> scopes(String module) throws Exception {
        var scopes = new ArrayList<String>();
        for (Element dependency : dependencies(pom(module))) {
            scopes.add("%s %s:%s%s".formatted(
                    text(dependency, "scope"),
                    text(dependency, "groupId"),
                    text(dependency, "artifactId"),
                    text(dependency, "optional").equals("true") ? " optional" : ""));
        }
        return scopes;
    }

    private static Element pom(String module) throws Exception {
        Path file = REPOSITORY.resolve(module).resolve(VERSION).resolve(module + "-" + VERSION + ".pom");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }

    private static List<Element> dependencies(Element in) {
        var all = new ArrayList<Element>();
        for (Element list : children(in, "dependencies")) {
            all.addAll(children(list, "dependency"));
        }
        return all;
    }

    private static String text(Element in, String name) {
        var found = children(in, name);
        return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
    }

    private static List<Element> children(Element in, String name) {
        var found = new ArrayList<Element>();
        for (Node node = in.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }
}
