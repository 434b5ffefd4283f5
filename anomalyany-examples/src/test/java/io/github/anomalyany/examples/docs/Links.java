// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Links and pictures of pages: whether what they name is there. */
final class Links {
    private static final Pattern LINK = Pattern.compile("\\[[^\\[\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");

    private Links() {}

    /** What is wrong with them. */
    static List<String> problems(List<Page> pages) throws IOException {
        var problems = new ArrayList<String>();
        for (Page page : pages) {
            for (Page.Line line : page.prose()) {
                var matcher = LINK.matcher(CODE.matcher(line.text()).replaceAll("code"));
                while (matcher.find()) {
                    String target = matcher.group(1);
                    if (!ELSEWHERE.matcher(target).matches() && !leadsSomewhere(page, target)) {
                        problems.add("%s:%d: link leads nowhere: %s".formatted(page.name(), line.number(), target));
                    }
                }
            }
        }
        return problems;
    }

    private static boolean leadsSomewhere(Page page, String target) throws IOException {
        var parts = target.split("#", 2);
        if (parts[0].isEmpty()) {
            return page.anchors().contains(parts[1]);
        }
        Path there = page.root().resolve(page.name()).resolveSibling(parts[0]).normalize();
        return Files.exists(there)
                && (parts.length == 1
                        || new Page(page.root(), target, Files.readAllLines(there))
                                .anchors()
                                .contains(parts[1]));
    }
}
