// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Lines of pages that start with {@code ./mvnw}: whether their profiles, modules, goals, programs and options are there. */
final class Commands {
    private static final Pattern TOKEN = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");
    private static final Pattern USAGE_OF = Pattern.compile("\\b(\\w+)\\.USAGE\\b");
    private static final Set<String> PHASES =
            Set.of("clean", "validate", "compile", "test-compile", "test", "package", "verify", "install", "deploy");

    private final Project project;

    Commands(Project project) {
        this.project = project;
    }

    /** What is wrong with the commands of some pages. */
    List<String> problems(List<Page> pages) throws IOException {
        var problems = new ArrayList<String>();
        for (Page page : pages) {
            for (int i = 0; i < page.lines().size(); i++) {
                for (String command : commands(page.lines(), i)) {
                    for (String problem : problems(command)) {
                        problems.add("%s:%d: %s%n%s".formatted(page.name(), i + 1, problem, command.indent(4)));
                    }
                }
            }
        }
        return problems;
    }

    /** The commands that start in a line, with the lines that a backslash joins to it; up to a comment or closing backtick. */
    private static List<String> commands(List<String> lines, int index) {
        var commands = new ArrayList<String>();
        String line = lines.get(index);
        for (int next = index + 1; line.endsWith("\\") && next < lines.size(); next++) {
            line = line.substring(0, line.length() - 1) + lines.get(next).strip();
        }
        for (int at = line.indexOf("./mvnw"); at >= 0; at = line.indexOf("./mvnw", at + 1)) {
            commands.add(line.substring(at).replaceFirst("(`| +#).*", "").strip());
        }
        return commands;
    }

    private List<String> problems(String command) throws IOException {
        var problems = new ArrayList<String>();
        String example = "GenerateAnomaly";
        String arguments = "";
        var tokens =
                TOKEN.matcher(command).results().map(result -> result.group()).toList();
        for (int i = 1; i < tokens.size(); i++) {
            String token = tokens.get(i);
            if (token.startsWith("-P")) {
                check(project.profiles(), "profile", token.substring(2), problems);
            } else if (token.equals("-pl")) {
                i++;
                check(project.modules(), "module", tokens.get(i), problems);
            } else if (token.startsWith("-Dexample=")) {
                example = token.substring("-Dexample=".length());
            } else if (token.startsWith("-Dexec.args=")) {
                arguments = token.substring("-Dexec.args=".length());
            } else if (!token.startsWith("-")) {
                checkGoal(token, problems);
            }
        }
        if (command.contains("-Pdemo")) {
            checkProgram(example, arguments, problems);
        }
        return problems;
    }

    private static void check(List<String> known, String kind, String names, List<String> problems) {
        for (String name : names.split(",", -1)) {
            if (!known.contains(name)) {
                problems.add("no %s %s; there are %s".formatted(kind, name, known));
            }
        }
    }

    private void checkGoal(String goal, List<String> problems) {
        String plugin = goal.replaceFirst(":.*", "");
        boolean known = goal.contains(":")
                ? project.plugins().contains(plugin + "-maven-plugin")
                        || project.plugins().contains("maven-" + plugin + "-plugin")
                : PHASES.contains(goal);
        if (!known) {
            problems.add(goal + " is no phase, nor the goal of a plugin of this project");
        }
    }

    private void checkProgram(String example, String arguments, List<String> problems) throws IOException {
        Path folder = project.root().resolve("anomalyany-examples/src/main/java/io/github/anomalyany/examples");
        Path program = folder.resolve(example + ".java");
        if (!Files.exists(program) || !Files.readString(program).contains("public static void main(")) {
            problems.add("no example " + example);
            return;
        }
        // what --help prints stands in the program or in the class that it takes USAGE of
        String source = Files.readString(program);
        var usage = USAGE_OF.matcher(source);
        String text = usage.find() ? source + Files.readString(folder.resolve(usage.group(1) + ".java")) : source;
        OPTION.matcher(arguments).results().map(result -> result.group()).forEach(option -> {
            if (!Pattern.compile(option + "(?![\\w-])").matcher(text).find()) {
                problems.add("%s has no option %s".formatted(example, option));
            }
        });
    }
}
