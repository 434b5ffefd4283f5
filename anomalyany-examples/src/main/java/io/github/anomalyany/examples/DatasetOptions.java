// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.strategy.RegionProposal;
import io.github.anomalyany.strategy.RegionProposal.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of {@link GenerateDataset} says.
 *
 * @param normals folder of good pictures
 * @param category what they show
 * @param defects words of the prompt that name a defect
 * @param prompt a sentence with {@code {category}} and {@code {defect}}
 * @param perNormal anomalies of each defect and held-out picture
 * @param heldOut good pictures to test with; empty for a third
 * @param region where anomalies may be
 * @param seed from it follow the seeds of all anomalies
 * @param retries further tries for each rejected picture
 * @param settings a preset, or empty for the generator's own
 * @param model the model's folder, or empty for the built-in one
 * @param out the folder to write into
 */
record DatasetOptions(
        Path normals,
        String category,
        List<String> defects,
        String prompt,
        int perNormal,
        Optional<Integer> heldOut,
        RegionProposal region,
        long seed,
        int retries,
        Optional<GenerationSettings> settings,
        Optional<Path> model,
        Path out) {
    private static final List<String> OPTIONS = List.of(
            "--normals",
            "--category",
            "--defects",
            "--prompt",
            "--per-normal",
            "--held-out",
            "--region",
            "--seed",
            "--retries",
            "--preset",
            "--model",
            "--out");

    static final String USAGE = """
            Makes a dataset in MVTec AD's layout from a folder of good pictures: some go to train/good, the others to test/good,
            and of these others anomalies are generated, with masks. Stopped and started again, it goes on where it was; with
            a larger --per-normal or more --defects it adds to what is there.

              --normals DIR      good pictures, PNG or JPEG, two at least
              --category NAME    what they show; also the folder's name
              --defects A,B      what is wrong with the others, as crack,hole
              --prompt TEXT      with {category} and {defect} in it; default "a photo of a {category} with a {defect}"
              --per-normal N     anomalies of each defect and good picture that was held out; default 5
              --held-out N       good pictures to test with and to generate of, the last by name; default a third
              --region NAME      anywhere: on the object, or the picture where there is none (the default);
                                 shapes: a random shape of 2 to 10 % of that
              --seed N           another seed, other anomalies; default 0
              --retries N        further tries for each rejected picture, which is left out in the end; default 2
              --preset NAME      anomaly-any, cut, reference, fast or image-to-image; default anomaly-any
              --model DIR        a model in the diffusers layout, or hf:OWNER/NAME; without it the built-in one
              --out DIR          where to write; default dataset
              --help             this text""";

    /**
     * Reads the options.
     *
     * @param args as given to {@code main}
     * @return what they say
     * @throws UsageException if they are wrong; the message says which and why
     */
    static DatasetOptions parse(String... args) {
        var given = Arguments.pairs(OPTIONS, args);
        for (String required : List.of("--normals", "--category", "--defects")) {
            if (!given.containsKey(required)) {
                throw new UsageException(required + " is required");
            }
        }
        String prompt = Arguments.value(given, "--prompt").orElse("a photo of a {category} with a {defect}");
        if (!prompt.contains("{defect}")) {
            throw new UsageException("--prompt must have {defect} in it but was " + prompt);
        }
        return new DatasetOptions(
                Arguments.path(given, "--normals").orElseThrow(),
                name("--category", Arguments.value(given, "--category").orElseThrow()),
                Arrays.stream(Arguments.value(given, "--defects").orElseThrow().split(",", -1))
                        .map(defect -> name("--defects", defect))
                        .toList(),
                prompt,
                (int) Arguments.number(given, "--per-normal", 5, 1, 10_000),
                Arguments.value(given, "--held-out")
                        .map(any -> (int) Arguments.number(given, "--held-out", 1, 1, 1_000_000)),
                region(Arguments.value(given, "--region").orElse("anywhere")),
                Arguments.number(given, "--seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) Arguments.number(given, "--retries", 2, 0, 100),
                Arguments.value(given, "--preset").map(Arguments::preset),
                Arguments.model(given),
                Arguments.path(given, "--out").orElse(Path.of("dataset")));
    }

    /** A word or several that can name a folder, too. */
    private static String name(String option, String text) {
        if (!text.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} _-]*") || text.equals("good")) {
            throw new UsageException(
                    option + " must have names of letters and digits, not \"good\", but had \"" + text + "\"");
        }
        return text;
    }

    private static RegionProposal region(String name) {
        var anywhere = RegionProposal.foreground().orElse(RegionProposal.wholeImage());
        return switch (name) {
            case "anywhere" -> anywhere;
            case "shapes" -> RegionProposal.random(Shape.ANY, 0.02, 0.1, anywhere);
            default -> throw new UsageException("--region must be anywhere or shapes but was " + name);
        };
    }

    /** What an anomaly is asked for by. */
    String promptOf(String defect) {
        return prompt.replace("{category}", category).replace("{defect}", defect);
    }
}
