// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.examples.Arguments.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * What the command line of {@link EvaluateDetector} says.
 *
 * @param dataset the dataset's folder
 * @param model the CLIP model's folder, or empty for the built-in one
 * @param shots good pictures of each category
 * @param seeds how many seeds, from 0
 * @param methods of {@link #ZERO_SHOT}, {@link #BANK} and {@link #ADAPTERS}
 * @param adapters a file of trained adapters; there if a method is {@link #ADAPTERS}
 * @param side at which maps and masks are compared
 * @param out the folder to write into
 */
record EvaluationOptions(
        Path dataset,
        Optional<Path> model,
        List<Integer> shots,
        int seeds,
        List<String> methods,
        Optional<Path> adapters,
        int side,
        Path out) {
    static final String ZERO_SHOT = "zero-shot";
    static final String BANK = "bank";
    static final String ADAPTERS = "adapters";
    private static final List<String> METHODS = List.of(ZERO_SHOT, BANK, ADAPTERS);
    private static final List<String> OPTIONS =
            List.of("--model", "--shots", "--seeds", "--methods", "--adapters", "--side", "--out");

    static final String USAGE = """
            Measures the detector on a dataset, k-shot over several seeds, and writes tables as Markdown, CSV and JSON and
            a page with the worst misses. Stopped and started again, it goes on where it was.

              DATASET            the folder of MVTec AD or of one category, of VisA, or plain folders normal,
                                 test_normal, abnormal and masks; comes first
              --model DIR        a CLIP model, or hf:OWNER/NAME; without it the built-in one, which knows little
              --shots A,B        good pictures of each category; default 1,2,4
              --seeds N          draws of the good pictures; default 3
              --methods A,B      of zero-shot (texts alone), bank (with good pictures) and adapters (the same with
                                 trained adapters); default zero-shot,bank, and adapters if there is a file
              --adapters FILE    trained adapters, safetensors
              --side N           columns and rows at which maps and masks are compared; default 512
              --out DIR          where to write; default evaluation
              --help             this text""";

    /**
     * Reads the options.
     *
     * @param args as given to {@code main}
     * @return what they say
     * @throws UsageException if they are wrong; the message says which and why
     */
    static EvaluationOptions parse(String... args) {
        if (args.length == 0 || args[0].startsWith("--")) {
            throw new UsageException("the first argument must be the dataset's folder");
        }
        var given = Arguments.pairs(OPTIONS, Arrays.copyOfRange(args, 1, args.length));
        var adapters = Arguments.path(given, "--adapters");
        return new EvaluationOptions(
                dataset(args[0]),
                Arguments.model(given),
                shots(given),
                (int) Arguments.number(given, "--seeds", 3, 1, 1000),
                methods(given, adapters),
                adapters.map(EvaluationOptions::existingFile),
                (int) Arguments.number(given, "--side", 512, 1, 4096),
                Arguments.path(given, "--out").orElse(Path.of("evaluation")));
    }

    /** The seeds themselves. */
    List<Long> seedList() {
        return LongStream.range(0, seeds).boxed().toList();
    }

    private static Path dataset(String name) {
        try {
            return existingFolder(Path.of(name));
        } catch (InvalidPathException e) {
            throw new UsageException("dataset: " + e.getMessage());
        }
    }

    private static Path existingFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UsageException("dataset %s: no such folder".formatted(folder));
        }
        return folder;
    }

    private static Path existingFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("--adapters %s: no such file".formatted(file));
        }
        return file;
    }

    static List<Integer> shots(Map<String, List<String>> given) {
        var shots = new ArrayList<Integer>();
        for (var text : Arguments.value(given, "--shots").orElse("1,2,4").split(",", -1)) {
            if (!text.matches("[1-9]\\d{0,5}") || shots.contains(Integer.valueOf(text))) {
                throw new UsageException(
                        "--shots must be different whole numbers from 1, parted by commas, but had \"%s\""
                                .formatted(text));
            }
            shots.add(Integer.valueOf(text));
        }
        return List.copyOf(shots);
    }

    private static List<String> methods(Map<String, List<String>> given, Optional<Path> adapters) {
        var text = Arguments.value(given, "--methods");
        if (text.isEmpty()) {
            return adapters.isPresent() ? METHODS : List.of(ZERO_SHOT, BANK);
        }
        var names = Arrays.asList(text.get().split(",", -1));
        for (var name : names) {
            if (!METHODS.contains(name)) {
                throw new UsageException("--methods must be of %s, parted by commas, but had \"%s\""
                        .formatted(String.join(",", METHODS), name));
            }
        }
        if (names.contains(ADAPTERS) != adapters.isPresent()) {
            throw new UsageException("the method adapters and --adapters FILE need each other");
        }
        return METHODS.stream().filter(names::contains).toList();
    }
}
