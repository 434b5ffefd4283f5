// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The code that pages show: regions of {@code *Snippets.java}, between {@code // region NAME} and {@code // endregion}, which
 * are tests that run them, with line breaks anywhere; and any lines of the examples that have a test.
 *
 * @param regions the regions
 * @param examples the sources of examples that a test names
 */
record Regions(List<Region> regions, List<List<String>> examples) {
    private static final Pattern START = Pattern.compile("\\s*// region (\\S+)");
    private static final String END = "// endregion";

    /**
     * A region.
     *
     * @param name file and name
     * @param text its lines, at the left margin
     */
    record Region(String name, List<String> text) {}

    /**
     * Reads the sources.
     *
     * @param module folder of the examples
     */
    static Regions read(Path module) throws IOException {
        var regions = new ArrayList<Region>();
        var tests = new StringBuilder();
        for (Path file : sources(module.resolve("src/test/java"))) {
            if (file.toString().endsWith("Snippets.java")) {
                regions.addAll(regions(String.valueOf(file.getFileName()), Files.readAllLines(file)));
            }
            tests.append(Files.readString(file));
        }
        var examples = new ArrayList<List<String>>();
        for (Path file : sources(module.resolve("src/main/java"))) {
            String type = String.valueOf(file.getFileName()).replace(".java", "");
            if (Pattern.compile("\\b" + type + "\\b").matcher(tests).find()) {
                examples.add(Files.readAllLines(file));
            }
        }
        return new Regions(regions, examples);
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        }
    }

    /** The regions of one file. */
    static List<Region> regions(String file, List<String> lines) {
        var regions = new ArrayList<Region>();
        String name = "";
        int start = -1;
        for (int i = 0; i < lines.size(); i++) {
            var matcher = START.matcher(lines.get(i));
            if (matcher.matches()) {
                if (start >= 0) {
                    throw new IllegalStateException("%s: region %s has no end".formatted(file, name));
                }
                name = matcher.group(1);
                start = i + 1;
            } else if (lines.get(i).strip().equals(END)) {
                regions.add(new Region(file + " " + name, atMargin(lines.subList(start, i))));
                start = -1;
            }
        }
        if (start >= 0) {
            throw new IllegalStateException("%s: region %s has no end".formatted(file, name));
        }
        return regions;
    }

    /** What is wrong with the Java blocks of some pages. */
    List<String> problems(List<Page> pages) {
        var problems = new ArrayList<String>();
        var unused = new ArrayList<>(regions);
        for (Page page : pages) {
            for (var block : page.blocks()) {
                if (!block.language().equals("java")) {
                    continue;
                }
                var text = atMargin(block.text());
                String code = withoutBlanks(text);
                boolean shown = unused.removeIf(
                                region -> withoutBlanks(region.text()).equals(code))
                        || regions.stream()
                                .anyMatch(region -> withoutBlanks(region.text()).equals(code));
                if (!shown && examples.stream().noneMatch(example -> isExcerpt(text, example))) {
                    problems.add(block.shown("no region of a *Snippets.java, nor lines of an example that has a test"));
                }
            }
        }
        unused.forEach(region -> problems.add("%s: region that no page shows%n%s"
                .formatted(region.name(), String.join("\n", region.text()).indent(4))));
        return problems;
    }

    /** Pages break lines where readers like them, sources where the formatter does. */
    private static String withoutBlanks(List<String> lines) {
        return String.join("", lines).replaceAll("\\s", "");
    }

    private static boolean isExcerpt(List<String> text, List<String> file) {
        for (int i = 0; i + text.size() <= file.size(); i++) {
            // cheap first: the margin is taken off only where the first lines agree
            if (!text.isEmpty()
                    && file.get(i).strip().equals(text.get(0).strip())
                    && atMargin(file.subList(i, i + text.size())).equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** The lines without common indentation, without blank lines around them and without blanks at their ends. */
    private static List<String> atMargin(List<String> lines) {
        return lines.isEmpty()
                ? Collections.emptyList()
                : String.join("\n", lines)
                        .stripIndent()
                        .replaceAll("\\A(\\s*\n)+", "")
                        .stripTrailing()
                        .lines()
                        .toList();
    }
}
