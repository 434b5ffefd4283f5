// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.data.Dataset;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.eval.Evaluation;
import io.github.anomalyany.vlad.eval.EvaluationListener;
import io.github.anomalyany.vlad.eval.EvaluationMethod;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Measures the detector on a dataset, k-shot over several seeds, and writes tables and a page with the worst misses. */
public final class EvaluateDetector {
    /** Loads detectors. */
    @FunctionalInterface
    interface Loader {
        /**
         * Loads one.
         *
         * @param model the CLIP model's folder
         * @param adapters a file of trained adapters, or empty for none
         * @return a detector, to be closed by the caller
         */
        VladDetector load(Path model, Optional<Path> adapters);
    }

    private final Loader loader;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean live;

    /**
     * Prepares the program.
     *
     * @param loader loads the detectors
     * @param out for progress and results
     * @param err for problems
     * @param live whether {@code out} is a console
     */
    EvaluateDetector(Loader loader, PrintStream out, PrintStream err, boolean live) {
        this.loader = loader;
        this.out = out;
        this.err = err;
        this.live = live;
    }

    /**
     * Runs the program. Ends with 0, or 1 if it failed, or 2 if the options are wrong.
     *
     * @param args see {@code --help}
     */
    @SuppressWarnings("SystemConsoleNull") // from JDK 22 on, only the look of the progress differs
    public static void main(String[] args) {
        System.exit(new EvaluateDetector(EvaluateDetector::load, System.out, System.err, System.console() != null)
                .run(args));
    }

    /** Loads a detector from its files. */
    static VladDetector load(Path model, Optional<Path> adapters) {
        var builder = VladDetector.builder().modelDirectory(model);
        adapters.map(LinearAdapters::load).ifPresent(builder::adapter);
        return builder.build();
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, EvaluationOptions.USAGE, out, err, () -> evaluate(EvaluationOptions.parse(args)));
    }

    private void evaluate(EvaluationOptions options) throws IOException {
        var dataset = Datasets.open(options.dataset());
        checkShots(options.shots(), dataset);
        // Made before the work begins: a folder that can't be made shouldn't cost a run.
        var folder = GenerateAnomaly.folder(options.out().toAbsolutePath().normalize());
        out.println(dataset);
        var model = options.model().orElseGet(TinyModels::directory);
        try (var plain = loader.load(model, Optional.empty())) {
            if (options.adapters().isEmpty()) {
                evaluate(options, dataset, folder, plain, plain);
                return;
            }
            try (var adapted = loader.load(model, options.adapters())) {
                evaluate(options, dataset, folder, plain, adapted);
            }
        }
    }

    private void evaluate(
            EvaluationOptions options, Dataset dataset, Path folder, VladDetector plain, VladDetector adapted)
            throws IOException {
        var methods = new ArrayList<EvaluationMethod>();
        for (var name : options.methods()) {
            methods.add(
                    switch (name) {
                        case EvaluationOptions.ZERO_SHOT -> EvaluationMethod.zeroShot(name, plain);
                        case EvaluationOptions.BANK -> EvaluationMethod.of(name, plain);
                        default -> EvaluationMethod.of(name, adapted);
                    });
        }
        var report = Evaluation.builder()
                .dataset(dataset)
                .methods(methods)
                .shots(options.shots())
                .seeds(options.seedList())
                .side(options.side())
                .output(folder)
                .listener(new ProgressLines())
                .build()
                .run();
        out.println(report.markdown());
        out.println(folder.resolve("index.html"));
    }

    /** Before a model is loaded; the evaluation checks it too. */
    static void checkShots(List<Integer> wanted, Dataset dataset) {
        for (var name : dataset.categories()) {
            int most = dataset.category(name).train().size();
            for (int shots : wanted) {
                if (shots > most) {
                    throw new UsageException("--shots must be at most %d, the number of good pictures of %s, but had %d"
                            .formatted(most, name, shots));
                }
            }
        }
    }

    /** Says how it goes: on a console in one line that changes, elsewhere in a line for each cell. */
    private final class ProgressLines implements EvaluationListener {
        private int cells;
        private int shown;

        @Override
        public void onProgress(Progress progress) {
            if (live || progress.cellsDone() != cells) {
                cells = progress.cellsDone();
                var line = line(progress);
                // Blanks cover what is left of a longer line.
                out.print(live ? "\r" + line + " ".repeat(Math.max(0, shown - line.length())) : line + "\n");
                out.print(live && progress.cellsDone() == progress.cells() ? "\n" : "");
                out.flush();
                shown = line.length();
            }
        }

        private String line(Progress progress) {
            return "%d of %d: %s, %s, %d-shot, seed %d%s, about %s left"
                    .formatted(
                            progress.cellsDone(),
                            progress.cells(),
                            progress.category(),
                            progress.method(),
                            progress.shots(),
                            progress.seed(),
                            progress.resumed() ? " (done before)" : "",
                            ConsoleProgress.time(progress.remaining()));
        }
    }
}
