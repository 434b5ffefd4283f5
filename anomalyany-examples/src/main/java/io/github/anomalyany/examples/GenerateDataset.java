// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.examples.Arguments.UsageException;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.tiny.TinyModels;
import io.github.anomalyany.vlad.data.Datasets;
import io.github.anomalyany.vlad.data.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Makes a dataset in MVTec AD's layout from a folder of good pictures. */
public final class GenerateDataset {
    private static final String RECORD = "dataset.txt";

    private final Function<Path, AnomalyGenerator> loader;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * Prepares the program.
     *
     * @param loader loads a model
     * @param out for progress
     * @param err for problems
     */
    GenerateDataset(Function<Path, AnomalyGenerator> loader, PrintStream out, PrintStream err) {
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
        Function<Path, AnomalyGenerator> loader =
                model -> AnomalyGenerator.builder().modelDirectory(model).build();
        System.exit(new GenerateDataset(loader, System.out, System.err).run(args));
    }

    /** Runs and returns the exit status. */
    int run(String... args) {
        return CommandLine.run(args, DatasetOptions.USAGE, out, err, () -> make(DatasetOptions.parse(args)));
    }

    private void make(DatasetOptions options) throws IOException {
        var normals = normals(options.normals());
        int heldOut = options.heldOut().orElse(Math.max(1, normals.size() / 3));
        if (heldOut >= normals.size()) {
            throw new UsageException("--held-out must be less than the %d pictures of --normals %s but was %d"
                    .formatted(normals.size(), options.normals(), heldOut));
        }
        Path home = options.out().resolve(options.category());
        int training = normals.size() - heldOut;
        claim(home, record(options, normals, training));
        int index = 0;
        for (var normal : normals.entrySet()) {
            Path folder = home.resolve(index++ < training ? "train/good" : "test/good");
            Files.createDirectories(folder);
            keep(normal.getValue(), folder.resolve(normal.getKey() + ".png"));
        }
        try (var generator = loader.apply(options.model().orElseGet(TinyModels::directory))) {
            for (String name : normals.keySet().stream().skip(training).toList()) {
                var normal = RgbImage.read(home.resolve("test/good").resolve(name + ".png"));
                for (String defect : options.defects()) {
                    generate(generator, options, home, name, normal, defect);
                }
            }
        }
        report(options);
    }

    /** The good pictures by their names without endings, in alphabetical order. */
    private static Map<String, Path> normals(Path folder) throws IOException {
        var normals = new TreeMap<String, Path>();
        for (Path file : DetectAnomaly.pictureFiles("--normals", folder)) {
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "");
            Path other = normals.put(name, file);
            if (other != null) {
                throw new UsageException("--normals must have one picture of each name but has %s and %s"
                        .formatted(other.getFileName(), file.getFileName()));
            }
        }
        return normals;
    }

    /** Everything that the pictures of a dataset follow from. */
    private static String record(DatasetOptions options, Map<String, Path> normals, int training) throws IOException {
        var text = new StringBuilder("Written by GenerateDataset, which adds to this folder only with the same\n");
        text.append("prompt: ").append(options.prompt()).append('\n');
        text.append("region: ").append(options.region().description()).append('\n');
        text.append("seed: ").append(options.seed()).append('\n');
        text.append("retries: ").append(options.retries()).append('\n');
        text.append("settings: ")
                .append(options.settings().map(String::valueOf).orElse("the model's own"))
                .append('\n');
        text.append("model: ")
                .append(options.model().map(Path::toString).orElse("built-in"))
                .append('\n');
        int index = 0;
        for (var normal : normals.entrySet()) {
            text.append(index++ < training ? "train: " : "test: ")
                    .append(normal.getKey())
                    .append(' ')
                    .append(RgbImage.read(normal.getValue()).sha256())
                    .append('\n');
        }
        return text.toString();
    }

    /** Takes a folder that is empty or not there, or one that was begun in the same way. */
    private static void claim(Path home, String record) throws IOException {
        GenerateAnomaly.folder(home);
        Path file = home.resolve(RECORD);
        if (Files.exists(file)) {
            if (!Files.readString(file).equals(record)) {
                throw new UsageException(
                        "%s was made of other pictures or with other options, which %s names: name another --out"
                                .formatted(home, file));
            }
            return;
        }
        try (Stream<Path> there = Files.list(home)) {
            if (there.findAny().isPresent()) {
                throw new UsageException(
                        "%s has files that this program didn't write: name another --out".formatted(home));
            }
        }
        ResultFolder.writeWhole(file, record.getBytes(UTF_8));
    }

    private static void keep(Path picture, Path file) throws IOException {
        if (!Files.exists(file)) {
            RgbImage.read(picture).write(file);
        }
    }

    private void generate(
            AnomalyGenerator generator, DatasetOptions options, Path home, String name, RgbImage normal, String defect)
            throws IOException {
        String kind = defect.replace(' ', '_');
        Path pictures = home.resolve("test").resolve(kind);
        Path masks = home.resolve("ground_truth").resolve(kind);
        Path rejected = home.resolve("rejected").resolve(kind);
        for (int i = 0; i < options.perNormal(); i++) {
            String number = "%s-%05d".formatted(name, i);
            Path picture = pictures.resolve(number + ".png");
            Path reasons = rejected.resolve(number + ".txt");
            if (Files.exists(picture) || Files.exists(reasons)) {
                continue;
            }
            var request = GenerationRequest.builder()
                    .normal(normal)
                    .anomaly(options.promptOf(defect))
                    .emphasize(defect)
                    .region(options.region())
                    .retries(options.retries())
                    // every picture has a seed of its own, whichever others there are
                    .seed(options.seed() * 1_000_003 + (kind + "/" + number).hashCode());
            options.settings().ifPresent(request::settings);
            var result = generator.generate(request.build());
            if (result.accepted().isEmpty()) {
                var why = result.rejected().get(0).verdict().reasons();
                Files.createDirectories(rejected);
                ResultFolder.writeWhole(reasons, String.valueOf(why).getBytes(UTF_8));
                out.println("rejected " + kind + "/" + number + ": " + why);
            } else {
                var made = result.accepted().get(0);
                Files.createDirectories(masks);
                Files.createDirectories(pictures);
                made.mask().write(masks.resolve(number + "_mask.png"));
                made.write(picture); // last: where it is, all of it is
                out.println(picture);
            }
        }
    }

    /** Reads everything back, as an evaluation would. */
    private void report(DatasetOptions options) throws IOException {
        var category = Datasets.mvtec(options.out()).category(options.category());
        for (Sample sample : category.test()) {
            sample.readMask();
        }
        long anomalous = category.test().stream().filter(Sample::anomalous).count();
        out.printf(
                "%s: %d good pictures to train on, %d good and %d anomalous ones to test with%n",
                options.out().resolve(options.category()),
                category.train().size(),
                category.test().size() - anomalous,
                anomalous);
    }
}
