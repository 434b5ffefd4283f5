// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.examples.Pictures.Panel;
import io.github.anomalyany.image.Mask;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.Calibrator;
import io.github.anomalyany.vlad.Detection;
import io.github.anomalyany.vlad.LinearAdapters;
import io.github.anomalyany.vlad.VladDetector;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Looks for anomalies in a picture: compares it with a folder of good ones and says where it differs. */
public final class DetectAnomaly {
    private static final Path SAMPLES = Path.of("anomalyany-examples", "sample-data", "brick");
    private static final List<String> OPTIONS =
            List.of("--normals", "--image", "--category", "--model", "--adapters", "--out");
    private static final double QUANTILE = 0.995;

    static final String USAGE = """
            Looks for anomalies in a picture and writes a heat map.

              --normals DIR      good pictures; default the examples' bricks
              --image FILE       the picture to look at; default a damaged brick of the examples
              --category NAME    what they show, for CLIP; default brick, or object for pictures of one's own
              --model DIR        a CLIP model, or hf:OWNER/NAME; without it the built-in one, which knows little
              --adapters FILE    trained adapters, safetensors
              --out DIR          where to write; default out
              --help             this text""";

    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares the program.
     *
     * @param out for results
     * @param err for problems
     */
    DetectAnomaly(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /**
     * Runs the program. Ends with 0, or 1 if it failed, or 2 if the options are wrong.
     *
     * @param args see {@code --help}
     */
    public static void main(String[] args) {
        System.exit(new DetectAnomaly(System.out, System.err).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, USAGE, out, err, () -> detect(Arguments.pairs(OPTIONS, args)));
    }

    private void detect(Map<String, List<String>> given) throws IOException {
        boolean own = given.containsKey("--normals") || given.containsKey("--image");
        if (own && !(given.containsKey("--normals") && given.containsKey("--image"))) {
            throw new UsageException("--normals and --image need each other");
        }
        var normals = own
                ? pictures(Arguments.path(given, "--normals").orElseThrow())
                : pictures(SAMPLES.resolve("train/good"));
        var image = RgbImage.read(Arguments.path(given, "--image").orElse(SAMPLES.resolve("test/hole/000.png")));
        var category = Arguments.value(given, "--category").orElse(own ? "object" : "brick");
        var folder = GenerateAnomaly.folder(Arguments.path(given, "--out")
                .orElse(Path.of("out"))
                .toAbsolutePath()
                .normalize());
        var model = Arguments.model(given).orElseGet(TinyModels::directory);
        try (var detector = load(model, Arguments.path(given, "--adapters"))) {
            var bank = detector.index(category, normals);
            var calibrated = Calibrator.quantile(QUANTILE)
                    .leaveOneOut(detector, category, normals)
                    .map(bank::withCalibration)
                    .orElse(bank);
            write(detector.detect(image, calibrated), image, folder);
        }
    }

    private static VladDetector load(Path model, Optional<Path> adapters) {
        var builder = VladDetector.builder().modelDirectory(model);
        adapters.map(LinearAdapters::load).ifPresent(builder::adapter);
        return builder.build();
    }

    private void write(Detection found, RgbImage image, Path folder) throws IOException {
        out.println(String.format(
                Locale.ROOT,
                "%s: score %.3f, threshold %s",
                found.decision().label().name().toLowerCase(Locale.ROOT),
                found.score(),
                found.decision().threshold().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                "%.3f",
                                found.decision().threshold().getAsDouble())
                        : "none: more than one good picture is needed"));
        found.regions().forEach(region -> out.println("  " + region.box() + ", largest score " + (float) region.max()));
        var heat = found.overlay(image);
        heat.write(folder.resolve("detection-heatmap.png"));
        var above = found.mask().orElse(Mask.empty(image.width(), image.height()));
        Pictures.contactSheet(List.of(
                        new Panel("picture", image), new Panel("map", heat), new Panel("mask", above.toImage())))
                .write(folder.resolve("detection.png"));
        ResultFolder.writeWhole(
                folder.resolve("detection.json"), found.provenance().toJson().getBytes(UTF_8));
        out.println(folder.resolve("detection.png"));
    }

    private static List<RgbImage> pictures(Path folder) throws IOException {
        var pictures = new ArrayList<RgbImage>();
        for (Path file : pictureFiles("--normals", folder)) {
            pictures.add(RgbImage.read(file));
        }
        return pictures;
    }

    /** The pictures of a folder that an option names, in alphabetical order; at least one. */
    static List<Path> pictureFiles(String option, Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                var pictures = files.filter(
                                file -> file.toString().toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g)"))
                        .sorted()
                        .toList();
                if (!pictures.isEmpty()) {
                    return pictures;
                }
            }
        }
        throw new UsageException("%s %s: no PNG or JPEG files there".formatted(option, folder));
    }
}
