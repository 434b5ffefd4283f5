// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.Verdict.Reason;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.Region;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes an anomaly from a photo of a good part and a sentence, and writes it with its mask into one folder. */
public final class GenerateAnomaly {
    private static final String SAMPLE_PHOTO = "sample-data/brick/train/good/004.png";

    private final Function<Path, AnomalyGenerator> loader;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean live;

    /**
     * Prepares the program.
     *
     * @param loader loads the model in a folder
     * @param out for progress and results
     * @param err for problems
     * @param live whether {@code out} is a console
     */
    GenerateAnomaly(Function<Path, AnomalyGenerator> loader, PrintStream out, PrintStream err, boolean live) {
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
        Function<Path, AnomalyGenerator> loader =
                model -> AnomalyGenerator.builder().modelDirectory(model).build();
        System.exit(new GenerateAnomaly(loader, System.out, System.err, System.console() != null).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, Arguments.USAGE, out, err, () -> generate(Arguments.parse(args)));
    }

    private void generate(Arguments arguments) throws IOException {
        var normal =
                arguments.image().isPresent() ? RgbImage.read(arguments.image().get()) : samplePhoto();
        var request = request(arguments, normal);
        // Made before the work begins: a folder that can't be made shouldn't cost a run.
        var folder = folder(arguments.out().toAbsolutePath().normalize());
        out.printf("\"%s\" on %s%n", request.anomaly(), photoName(arguments));

        long start = System.nanoTime();
        var model = arguments.model().orElseGet(TinyModels::directory);
        try (var generator = loader.apply(model)) {
            out.printf("model %s loaded in %s%n", model, seconds(System.nanoTime() - start));
            var result = generator.generate(request, RunControl.listeningTo(new ConsoleProgress(out, live)));
            var made = Stream.concat(result.accepted().stream(), result.rejected().stream())
                    .toList();
            write(made, new ResultFolder(folder, normal));
            out.printf(
                    "%d of %d accepted, in %s%n",
                    result.accepted().size(),
                    made.size(),
                    seconds(result.elapsed().toNanos()));
        }
    }

    private void write(List<GeneratedAnomaly> made, ResultFolder folder) throws IOException {
        int digits = String.valueOf(made.size()).length();
        for (int i = 0; i < made.size(); i++) {
            out.println(verdict(made.get(i)));
            var suffix = made.size() == 1 ? "" : "-%0" + digits + "d";
            folder.write(made.get(i), suffix.formatted(i + 1)).forEach(file -> out.println("  " + file));
        }
    }

    private static String verdict(GeneratedAnomaly made) {
        return made.verdict().accepted()
                ? String.format(
                        Locale.ROOT,
                        "accepted: %d pixels differ by %.1f on average (2.3 is just noticeable)",
                        made.change().area(),
                        made.change().mean())
                : "rejected: "
                        + made.verdict().reasons().stream().map(Reason::detail).collect(Collectors.joining("; "));
    }

    private static GenerationRequest request(Arguments arguments, RgbImage normal) throws IOException {
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly(arguments.prompt())
                .emphasize(arguments.emphasized().toArray(String[]::new))
                .seed(arguments.seed())
                .count(arguments.count())
                .retries(arguments.retries());
        arguments.settings().ifPresent(request::settings);
        if (arguments.mask().isPresent()) {
            request.region(Mask.read(arguments.mask().get()));
        } else if (arguments.image().isEmpty()) {
            // The photo stays as it is around the damage.
            int width = normal.width();
            int height = normal.height();
            request.region(
                    Mask.ellipse(width, height, new Region(width / 8, height / 8, width * 3 / 4, height * 3 / 4)));
        }
        return request.build();
    }

    /** Makes a folder unless it is there. */
    static Path folder(Path folder) throws IOException {
        // Not createDirectories alone: it refuses a link to a folder.
        return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
    }

    private static RgbImage samplePhoto() throws IOException {
        try (var in = GenerateAnomaly.class.getResourceAsStream(SAMPLE_PHOTO)) {
            return RgbImage.read(Objects.requireNonNull(in, SAMPLE_PHOTO));
        }
    }

    private static String photoName(Arguments arguments) {
        return arguments.image().map(Path::toString).orElse("the sample photo");
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
