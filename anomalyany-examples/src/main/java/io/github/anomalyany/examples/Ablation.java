// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.examples.Pictures.Panel;
import io.github.anomalyany.image.Resampling;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Measures what each part of the method adds: pictures of several objects and defects, made by the variants of
 * {@link AblationVariant}, as a Markdown table and contact sheets.
 */
public final class Ablation {
    private static final int PANEL = 128;
    private static final double SHEET_QUALITY = 0.85;

    private final Supplier<AnomalyGenerator> loader;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares the program.
     *
     * @param loader loads the model
     * @param out for progress
     * @param err for problems
     */
    Ablation(Supplier<AnomalyGenerator> loader, PrintStream out, PrintStream err) {
        this.loader = loader;
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program. Ends with 0, or 1 if it failed, or 2 if the options are wrong.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new Ablation(() -> TinyModels.generator().build(), System.out, System.err).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, AblationOptions.USAGE, out, err, () -> measure(AblationOptions.parse(args)));
    }

    private void measure(AblationOptions options) throws IOException {
        // Made before the work begins: a folder that can't be made shouldn't cost a run.
        var folder = GenerateAnomaly.folder(options.out().toAbsolutePath().normalize());
        try (var generator = loader.get()) {
            new Run(options, folder, generator).all();
        }
    }

    /** The variant whose mask is shown: the default method, or else the last that ran. */
    static AblationVariant maskOf(List<AblationVariant> variants) {
        return variants.contains(AblationVariant.CLIP) ? AblationVariant.CLIP : variants.get(variants.size() - 1);
    }

    /** One run of all cases. */
    private final class Run {
        private final AblationOptions options;
        private final Path folder;
        private final AnomalyGenerator generator;
        private final List<Measurement> measurements = new ArrayList<>();
        private final long start = System.nanoTime();
        private Map<?, ?> versions = Map.of();

        Run(AblationOptions options, Path folder, AnomalyGenerator generator) {
            this.options = options;
            this.folder = folder;
            this.generator = generator;
        }

        void all() throws IOException {
            for (var kind : options.kinds()) {
                var rows = new ArrayList<RgbImage>();
                for (var one : options.cases(kind)) {
                    var row = row(one);
                    if (one.seed() == 0) {
                        rows.add(Pictures.contactSheet(row));
                    }
                }
                var sheet = folder.resolve(kind.noun() + ".jpg");
                ResultFolder.writeWhole(sheet, Pictures.stack(rows).toJpeg(SHEET_QUALITY));
                out.println(sheet);
            }
            var report = new AblationReport(options, new Measurements(measurements), versions);
            var file = folder.resolve("README.md");
            ResultFolder.writeWhole(file, report.markdown().getBytes(UTF_8));
            out.println(file);
        }

        /** Makes and measures one case by all variants. */
        private List<Panel> row(AblationCase one) throws IOException {
            var normal = one.normal();
            var region = one.region(normal);
            var panels = new ArrayList<Panel>();
            panels.add(panel(one.defect(), normal));
            var masks = new ArrayList<Panel>();
            for (var variant : options.variants()) {
                var result = generator.generate(one.request(normal, region, variant));
                var made = Stream.concat(result.accepted().stream(), result.rejected().stream())
                        .findFirst()
                        .orElseThrow();
                var measured = Measurement.of(one, variant, normal, region, made, result.elapsed());
                measurements.add(measured);
                versions = versions(made);
                tell(measured);
                panels.add(panel("" + variant.number(), made.image()));
                if (variant == maskOf(options.variants())) {
                    masks.add(panel("mask", made.mask().toImage()));
                }
            }
            panels.addAll(masks);
            return panels;
        }

        private void tell(Measurement m) {
            int done = measurements.size();
            double minutes = (System.nanoTime() - start) / 60e9 / done * (options.pictures() - done);
            out.println(String.format(
                    Locale.ROOT,
                    "%d of %d: %s, seed %d, %s: %s, %.1f s, about %.0f min left",
                    done,
                    options.pictures(),
                    m.made().prompt(),
                    m.made().seed(),
                    m.variant().option(),
                    m.accepted() ? "accepted" : m.reasons(),
                    m.seconds(),
                    minutes));
        }
    }

    private static Panel panel(String label, RgbImage image) {
        return new Panel(label, image.resize(PANEL, PANEL, Resampling.LANCZOS));
    }

    private static Map<?, ?> versions(GeneratedAnomaly made) {
        return made.provenance().entries().get("versions") instanceof Map<?, ?> versions ? versions : Map.of();
    }
}
