// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param root the project's folder
 * @param name the page's path below it, with slashes
 * @param lines its text
 */
record Page(Path root, String name, List<String> lines) {
    private static final String FENCE = "```";

    /**
     * A fenced block.
     *
     * @param page where it is
     * @param line of its first line, from 1
     * @param language what the fence says, or nothing
     * @param text its lines
     */
    record Block(Page page, int line, String language, List<String> text) {
        /** Where it is and what it says, for messages. */
        String shown(String problem) {
            return "%s:%d: %s%n%s"
                    .formatted(page.name, line, problem, String.join("\n", text).indent(4));
        }
    }

    /**
     * A line of prose, headings and tables.
     *
     * @param number from 1
     * @param text the line
     */
    record Line(int number, String text) {}

    Page {
        lines = List.copyOf(lines);
    }

    /** README, CONTRIBUTING, the changelog and everything in {@code docs}. */
    static List<Page> all(Path root) throws IOException {
        var files = new ArrayList<>(
                List.of(root.resolve("README.md"), root.resolve("CONTRIBUTING.md"), root.resolve("CHANGELOG.md")));
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).sorted().forEach(files::add);
        }
        var pages = new ArrayList<Page>();
        for (Path file : files) {
            String name = root.relativize(file).toString().replace('\\', '/');
            pages.add(new Page(root, name, Files.readAllLines(file)));
        }
        return pages;
    }

    /** The fenced blocks. */
    List<Block> blocks() {
        var blocks = new ArrayList<Block>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(FENCE)) {
                String language = lines.get(i).strip().substring(FENCE.length());
                int first = i + 1;
                do {
                    i++;
                } while (i < lines.size() && !lines.get(i).strip().equals(FENCE));
                blocks.add(new Block(this, first + 1, language, lines.subList(first, Math.min(i, lines.size()))));
            }
        }
        return blocks;
    }

    /** The lines outside of the fenced blocks. */
    List<Line> prose() {
        var prose = new ArrayList<Line>();
        boolean fenced = false;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).strip().startsWith(FENCE)) {
                fenced = !fenced;
            } else if (!fenced) {
                prose.add(new Line(i + 1, lines.get(i)));
            }
        }
        return prose;
    }

    /** The names that links may have after {@code #}, made of the headings as GitHub makes them. */
    List<String> anchors() {
        var anchors = new ArrayList<String>();
        var seen = new HashMap<String, Integer>();
        for (Line line : prose()) {
            if (line.text().matches("#{1,6} .*")) {
                String anchor = line.text()
                        .replaceFirst("#+ +", "")
                        .strip()
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}\\s_-]", "")
                        .replace(' ', '-');
                int times = seen.merge(anchor, 1, Integer::sum);
                anchors.add(times == 1 ? anchor : anchor + "-" + (times - 1));
            }
        }
        return anchors;
    }
}
