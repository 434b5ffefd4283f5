// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.Fusion;
import io.github.anomalyany.vlad.SamplePlan;
import io.github.anomalyany.vlad.TrainingSettings;
import io.github.anomalyany.vlad.VladDetector;
import io.github.anomalyany.vlad.VladSettings;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.eval.Evaluation;
import io.github.anomalyany.vlad.eval.EvaluationMethod;
import io.github.anomalyany.vlad.synthetic.SyntheticAnomalies;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Closes the loop: of a few good photos generates anomalies, trains VLAD on them, and measures the detector against detectors
 * without training and against training on simpler anomalies. Needs the built-in model only.
 */
public final class CloseTheLoop {
    /** Defects that the built-in model knows. */
    private static final List<String> PROMPTS = List.of(
            "a photo of {} with a crack",
            "a photo of {} with a scratch",
            "a photo of {} with a hole",
            "a photo of {} with a stain",
            "a photo of {} with a dent",
            "a photo of {} with a cut",
            "a photo of {} with contamination");

    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares the program.
     *
     * @param out for progress and results
     * @param err for problems
     */
    CloseTheLoop(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program. Ends with 0, or 1 if it failed, or 2 if the options are wrong.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new CloseTheLoop(System.out, System.err).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, LoopOptions.USAGE, out, err, () -> evaluate(LoopOptions.parse(args)));
    }

    private void evaluate(LoopOptions options) throws IOException {
        var dataset = Datasets.open(options.dataset());
        EvaluateDetector.checkShots(options.shots(), dataset);
        // Made before the work begins: a folder that can't be made shouldn't cost a run.
        var folder = GenerateAnomaly.folder(options.out().toAbsolutePath().normalize());
        out.println(dataset);
        Path model = TinyModels.directory();
        var bankOnly =
                VladSettings.builtIn().toBuilder().fusion(Fusion.weighted(0, 1)).build();
        try (var ours = TinyModels.generator().build();
                var cutPaste = SyntheticAnomalies.cutPaste();
                var draem = SyntheticAnomalies.draem();
                var plain = VladDetector.builder().modelDirectory(model).build();
                var bank = VladDetector.builder()
                        .modelDirectory(model)
                        .settings(bankOnly)
                        .build();
                var onCutPaste = trained("(c) VLAD on CutPaste", "cutpaste", model, cutPaste, plan(options), folder);
                var onDraem = trained("(d) VLAD on DRAEM", "draem", model, draem, plan(options), folder);
                var onOurs = trained("(e) VLAD on ours", "ours", model, ours, oursPlan(options), folder)) {
            var report = Evaluation.builder()
                    .dataset(dataset)
                    .methods(List.of(
                            EvaluationMethod.zeroShot("(a) zero-shot", plain),
                            EvaluationMethod.of("(b) bank only", bank),
                            onCutPaste,
                            onDraem,
                            onOurs))
                    .shots(options.shots())
                    .seeds(options.seedList())
                    .side(options.side())
                    .output(folder.resolve("evaluation"))
                    .listener(progress -> {
                        if (progress.picturesDone() == progress.pictures()) {
                            out.println("evaluated in " + ConsoleProgress.time(progress.elapsed()));
                        }
                    })
                    .build()
                    .run();
            var page = new LoopPage(dataset, options, report).markdown();
            ResultFolder.writeWhole(folder.resolve("evaluation.md"), page.getBytes(UTF_8));
            out.println(page);
            out.println(folder.resolve("evaluation.md"));
        }
    }

    private TrainedDetector trained(
            String name, String id, Path model, AnomalyGenerator generator, SamplePlan plan, Path folder) {
        return new TrainedDetector(
                name, model, generator, plan, TrainingSettings.sdk(), folder.resolve(id), out::println);
    }

    private static SamplePlan plan(LoopOptions options) {
        return SamplePlan.fewShot().withPerNormal(options.perNormal()).withPrompts(PROMPTS);
    }

    /** Ellipses on the object, or on the picture where there is none. */
    private static SamplePlan oursPlan(LoopOptions options) {
        var object = RegionProposal.foreground().orElse(RegionProposal.wholeImage());
        return plan(options)
                .withRegion(RegionProposal.random(Shape.ELLIPSE, 0.05, 0.3, object))
                .withSettings(GenerationSettings.fast());
    }
}
