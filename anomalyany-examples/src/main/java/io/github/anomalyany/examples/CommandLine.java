// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyAnyException;
import io.github.anomalyany.examples.Arguments.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;

/** What all programs do around their work: help, problems in a line, an exit status. */
final class CommandLine {
    /** A program's work. */
    @FunctionalInterface
    interface Work {
        /**
         * Does it.
         *
         * @throws IOException if a file can't be read or written
         */
        void run() throws IOException;
    }

    private CommandLine() {}

    /**
     * Runs a program.
     *
     * @param args its options; with {@code --help} the usage is printed and nothing else done
     * @param usage explains the options
     * @param out for the usage
     * @param err for problems
     * @param work the work
     * @return 0, or 1 if it failed, or 2 if the options are wrong
     */
    static int run(String[] args, String usage, PrintStream out, PrintStream err, Work work) {
        if (List.of(args).contains("--help")) {
            out.println(usage);
            return 0;
        }
        try {
            work.run();
            return 0;
        } catch (UsageException | IllegalArgumentException e) {
            // The second kind comes from the library and says what doesn't fit and how to mend it.
            err.println(e.getMessage() + "; --help explains the options");
            return 2;
        } catch (AnomalyAnyException e) {
            err.println(e.getMessage());
            return 1;
        } catch (IOException e) {
            // Some messages of these are a path alone; the type says what is the matter with it.
            err.println(e);
            return 1;
        }
    }
}
