// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What the project's POMs say.
 *
 * @param root the project's folder
 * @param modules all of them
 * @param published those that users can depend on
 * @param profiles what {@code -P} may name
 * @param plugins artifacts of the plugins
 * @param properties of the root POM
 */
record Project(
        Path root,
        List<String> modules,
        List<String> published,
        List<String> profiles,
        List<String> plugins,
        Map<String, String> properties) {
    static final String GROUP = "io.github.anomalyany";

    /** Reads the POMs of the project that the tests' module belongs to. */
    static Project read() throws IOException, SAXException {
        Path module =
                Path.of(System.getProperty("basedir", ".")).toAbsolutePath().normalize();
        Path root = Optional.ofNullable(module.getParent()).orElseThrow();
        var poms = new ArrayList<Element>();
        poms.add(parse(Files.readString(root.resolve("pom.xml"))));
        var modules = texts(poms.get(0), "module");
        var published = new ArrayList<String>();
        for (String name : modules) {
            var pom = parse(Files.readString(root.resolve(name).resolve("pom.xml")));
            poms.add(pom);
            if (!texts(pom, "skipPublishing").contains("true")) {
                published.add(name);
            }
        }
        var profiles = new ArrayList<String>();
        var plugins = new ArrayList<String>();
        for (Element pom : poms) {
            elements(pom, "profile").forEach(profile -> profiles.add(text(profile, "id")));
            elements(pom, "plugin").forEach(plugin -> plugins.add(text(plugin, "artifactId")));
        }
        var properties = new LinkedHashMap<String, String>();
        var first = elements(poms.get(0), "properties").get(0);
        for (var node = first.getFirstChild(); node != null; node = node.getNextSibling()) {
            properties.put(node.getNodeName(), node.getTextContent().strip());
        }
        return new Project(root, modules, published, profiles, plugins, properties);
    }

    /**
     * The version that users have to give for an artifact.
     *
     * @return empty if the project doesn't say
     */
    Optional<String> version(String group, String artifact) {
        String property;
        if (group.equals(GROUP)) {
            property = "revision";
        } else if (artifact.startsWith("pytorch-native-")) {
            property = "pytorch.version";
        } else if (group.equals("ai.djl") || group.startsWith("ai.djl.")) {
            property = "djl.version";
        } else if (group.startsWith("org.junit")) {
            property = "junit.version";
        } else {
            property = group.substring(group.lastIndexOf('.') + 1) + ".version"; // org.assertj, org.slf4j
        }
        return Optional.ofNullable(properties.get(property));
    }

    /** What is wrong with a coordinate, if anything is. */
    Optional<String> problem(String group, String artifact, Optional<String> version) {
        if (group.equals(GROUP) && !published.contains(artifact)) {
            return Optional.of("%s:%s is no published module; there are %s".formatted(group, artifact, published));
        }
        if (version.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> pinned = version(group, artifact);
        return pinned.equals(version)
                ? Optional.empty()
                : Optional.of("%s:%s has the version %s but the root POM has %s"
                        .formatted(group, artifact, version.get(), pinned.orElse("none")));
    }

    /** The root of an XML document without a document type. */
    static Element parse(String xml) throws SAXException {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null); // else it prints what it throws
            Document document = builder.parse(new InputSource(new StringReader(xml)));
            return document.getDocumentElement();
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All elements of a name, however deep. */
    static List<Element> elements(Element root, String name) {
        var found = new ArrayList<Element>();
        var nodes = root.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    private static List<String> texts(Element root, String name) {
        return elements(root, name).stream()
                .map(element -> element.getTextContent().strip())
                .toList();
    }

    /** The text of the first child of a name, or nothing. */
    static String text(Element parent, String name) {
        for (var node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return node.getTextContent().strip();
            }
        }
        return "";
    }
}
