// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import io.github.anomalyany.GenerationSettings;
import io.github.anomalyany.models.ModelStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the command line of {@link GenerateAnomaly} says.
 *
 * @param image the normal picture, or empty for the sample photo
 * @param prompt what the damaged part looks like
 * @param emphasized the defect's words, or empty to find them in the prompt
 * @param model the model's folder, or empty for the built-in one
 * @param mask where the anomaly may be, or empty for anywhere
 * @param out the folder to write into
 * @param seed seed of all random numbers
 * @param count pictures to make
 * @param retries further tries for each rejected picture
 * @param settings a preset, or empty for the generator's own
 */
record Arguments(
        Optional<Path> image,
        String prompt,
        List<String> emphasized,
        Optional<Path> model,
        Optional<Path> mask,
        Path out,
        long seed,
        int count,
        int retries,
        Optional<GenerationSettings> settings) {

    static final String SAMPLE_PROMPT = "a photo of a brick with a hole";

    static final String USAGE = """
            Makes an anomaly from a photo of a good part. Without options: from a photo that ships with this program,
            somewhere in the middle of it.

              --image FILE       the photo, PNG or JPEG; needs --prompt
              --prompt TEXT      what the damaged part looks like
              --emphasize WORD   word of the prompt that names the defect, where it isn't found by itself; may be repeated
              --mask FILE        where the anomaly may be: a picture of the photo's size, white there and black elsewhere
              --model DIR        a model in the diffusers layout, or hf:OWNER/NAME for one that DownloadModel or
                                 hf download fetched; without it the built-in one, which knows only
                                 brick, grass, gravel, wood, metal, fabric, leather, tile, capsule, nut and
                                 crack, scratch, hole, stain, dent, cut, contamination
              --seed N           another seed, another anomaly; default 0
              --count N          how many pictures; default 1
              --retries N        further tries for each rejected picture; default 0
              --preset NAME      anomaly-any, cut, reference, fast or image-to-image; default anomaly-any, without
                                 refinement if the model has no CLIP model beside it
              --out DIR          where to write; default out
              --help             this text""";

    static final List<String> OPTIONS = List.of(
            "--image",
            "--prompt",
            "--emphasize",
            "--mask",
            "--model",
            "--seed",
            "--count",
            "--retries",
            "--preset",
            "--out");
    private static final String HUB = "hf:";
    private static final String REPEATABLE = "--emphasize";

    /**
     * Reads the options.
     *
     * @param args as given to {@code main}
     * @return what they say
     * @throws UsageException if they are wrong; the message says which and why
     */
    static Arguments parse(String... args) {
        var given = pairs(OPTIONS, args);
        var image = path(given, "--image").map(file -> existing("--image", file));
        if (image.isPresent() && !given.containsKey("--prompt")) {
            throw new UsageException("--image needs --prompt: what the damaged part looks like");
        }
        return new Arguments(
                image,
                value(given, "--prompt").orElse(SAMPLE_PROMPT),
                given.getOrDefault("--emphasize", List.of()),
                model(given),
                path(given, "--mask").map(file -> existing("--mask", file)),
                path(given, "--out").orElse(Path.of("out")),
                number(given, "--seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                (int) number(given, "--count", 1, 1, 1000),
                (int) number(given, "--retries", 0, 0, 100),
                value(given, "--preset").map(Arguments::preset));
    }

    /**
     * Pairs options with their values.
     *
     * @param options the options there are
     * @param args as given to {@code main}
     * @return the values by option
     * @throws UsageException if an option is unknown, has no value or is given twice
     */
    static Map<String, List<String>> pairs(List<String> options, String... args) {
        var given = new HashMap<String, List<String>>();
        for (int i = 0; i < args.length; i += 2) {
            var option = args[i];
            if (!options.contains(option)) {
                throw new UsageException(
                        "%s: no such option; there are %s".formatted(option, String.join(" ", options)));
            }
            if (i + 1 == args.length || options.contains(args[i + 1])) {
                throw new UsageException(option + " needs a value");
            }
            var values = given.computeIfAbsent(option, any -> new ArrayList<>());
            values.add(args[i + 1]);
            if (values.size() > 1 && !option.equals(REPEATABLE)) {
                throw new UsageException("%s is given twice: %s".formatted(option, values));
            }
        }
        return given;
    }

    static Optional<String> value(Map<String, List<String>> given, String option) {
        return Optional.ofNullable(given.get(option)).map(values -> values.get(0));
    }

    static Optional<Path> path(Map<String, List<String>> given, String option) {
        try {
            return value(given, option).map(Path::of);
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private static Path existing(String option, Path file) {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("%s %s: no such file".formatted(option, file));
        }
        return file;
    }

    /**
     * The folder of {@code --model}: a folder, or {@code hf:OWNER/NAME} for a model in the cache of Hugging Face.
     *
     * @param given the values by option
     * @return the folder, or empty if none is named
     * @throws UsageException if there is no such folder
     */
    static Optional<Path> model(Map<String, List<String>> given) {
        var name = value(given, "--model").filter(model -> model.startsWith(HUB));
        if (name.isPresent()) {
            return name.map(model -> ModelStore.offline().huggingFace(model.substring(HUB.length())));
        }
        var folder = path(given, "--model");
        folder.filter(path -> !Files.isDirectory(path)).ifPresent(path -> {
            throw new UsageException("--model %s: no such folder".formatted(path));
        });
        return folder;
    }

    static long number(Map<String, List<String>> given, String option, long fallback, long least, long most) {
        var text = value(given, option);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            long number = Long.parseLong(text.get());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below, as numbers out of range are.
        }
        throw new UsageException(
                "%s must be a whole number in [%d, %d] but was %s".formatted(option, least, most, text.get()));
    }

    /** The preset of a name. */
    static GenerationSettings preset(String name) {
        return switch (name) {
            case "anomaly-any" -> GenerationSettings.anomalyAny();
            case "cut" -> GenerationSettings.cut();
            case "reference" -> GenerationSettings.reference();
            case "fast" -> GenerationSettings.fast();
            case "image-to-image" -> GenerationSettings.imageToImage();
            default ->
                throw new UsageException(
                        "--preset must be anomaly-any, cut, reference, fast or image-to-image but was " + name);
        };
    }

    /** The command line is wrong. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }
}
