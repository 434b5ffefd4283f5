// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.util.regex.Pattern;

/** Patterns of file names as Python's fnmatch and {@code hf download} have them: an asterisk also matches slashes. */
final class Glob {
    private Glob() {}

    /** Whether a pattern has anything but plain characters. */
    static boolean hasWildcards(String pattern) {
        return pattern.matches("(?s).*[*?\\[].*") || pattern.endsWith("/");
    }

    static boolean matches(String pattern, String path) {
        // A folder stands for what is in it.
        return regex(pattern.endsWith("/") ? pattern + '*' : pattern)
                .matcher(path)
                .matches();
    }

    private static Pattern regex(String glob) {
        var regex = new StringBuilder("(?s)");
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            // The first character of a set may be its closing bracket.
            int end = c == '[' ? glob.indexOf(']', i + (glob.startsWith("[!", i) ? 3 : 2)) : -1;
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (end > 0) {
                regex.append(set(glob.substring(i + 1, end)));
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }

    private static String set(String characters) {
        boolean other = characters.startsWith("!");
        var escaped = characters.substring(other ? 1 : 0).replaceAll("[\\\\\\[\\]^&]", "\\\\$0");
        return (other ? "[^" : "[") + escaped + "]";
    }
}
