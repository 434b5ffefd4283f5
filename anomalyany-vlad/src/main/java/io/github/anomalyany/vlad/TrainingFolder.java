// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import com.google.common.hash.Hashing;
import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.CancellationToken;
import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationCancelledException;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.RunControl;
import io.github.anomalyany.image.RgbImage;
import io.github.anomalyany.vlad.data.Dataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Samples in a folder: {@code CATEGORY/normal/NAME.png}, {@code CATEGORY/anomalous/NAME.png} and {@code
 * CATEGORY/labels/NAME.png}, a grey picture that says how surely each pixel is anomalous. Immutable; one thread may write.
 */
public final class TrainingFolder {
    /** Where the training of one dataset may take other pictures from (spec §5.6). */
    public enum AuxiliaryData {
        /** Another dataset's good pictures and anomalies generated of them, with the same budget: what the paper follows. */
        SYNTHETIC,
        /** Another dataset's test pictures with their real masks: APRIL-GAN's and AnomalyCLIP's protocol. */
        REAL_TEST,
        /** Nothing. */
        NONE
    }

    private final Path folder;

    private TrainingFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Names a folder.
     *
     * @param folder where samples are or will be; created when something is written
     * @return the folder
     */
    public static TrainingFolder of(Path folder) {
        return new TrainingFolder(Objects.requireNonNull(folder, "folder"));
    }

    /**
     * Generates anomalies of good pictures and keeps them with these. What is there already isn't made again, so that an
     * interrupted call can be repeated; it is known by the good picture's pixels, the plan's seed and its number, so give
     * another plan another seed or folder. Anomalies that the generator rejects, after the plan's retries, are left out.
     *
     * @param generator makes anomalies
     * @param category what the pictures show; fit to name a folder
     * @param normals good pictures
     * @param plan which anomalies
     * @param token stops between two pictures
     * @return how many anomalies of these pictures there are now
     * @throws IOException if something can't be written
     * @throws IllegalArgumentException if the category can't name a folder, or the generator can't use a prompt or a setting
     * @throws GenerationCancelledException if the token was cancelled; what was made stays
     */
    public int generate(
            AnomalyGenerator generator,
            String category,
            List<RgbImage> normals,
            SamplePlan plan,
            CancellationToken token)
            throws IOException {
        Path home = home(category);
        for (String kind : List.of("normal", "anomalous", "labels", "rejected")) {
            Files.createDirectories(home.resolve(kind));
        }
        int there = 0;
        for (RgbImage normal : normals) {
            String source = normal.sha256().substring(0, 16);
            Path copy = home.resolve("normal/" + source + ".png");
            if (!Files.exists(copy)) {
                normal.write(copy);
            }
            for (int i = 0; i < plan.perNormal(); i++) {
                String name = "%s-%d-%05d".formatted(source, plan.seed(), i);
                if (Files.exists(home.resolve("rejected/" + name))) {
                    continue;
                }
                if (!isComplete(home, name)) {
                    var made = generate(generator, category, normal, plan, i, seed(plan, source, i), token);
                    if (!made.verdict().accepted()) {
                        Files.writeString(
                                home.resolve("rejected/" + name),
                                String.valueOf(made.verdict().reasons()));
                        continue;
                    }
                    made.scores().toImage().write(home.resolve("labels/" + name + ".png"));
                    made.write(home.resolve("anomalous/" + name + ".png"));
                }
                there++;
            }
        }
        return there;
    }

    private Path home(String category) {
        Path home = folder.resolve(category);
        if (category.isBlank()
                || category.matches("\\.+")
                || home.getNameCount() != folder.resolve("x").getNameCount()
                || !String.valueOf(home.getFileName()).equals(category)) {
            throw new IllegalArgumentException("category must name a folder but was \"" + category + "\"");
        }
        return home;
    }

    private static boolean isComplete(Path home, String name) {
        return Files.exists(home.resolve("anomalous/" + name + ".png"))
                && Files.exists(home.resolve("labels/" + name + ".png"));
    }

    /** Every good picture has noise of its own: else all would show like anomalies in like places. */
    private static long seed(SamplePlan plan, String source, int index) {
        return Hashing.sha256()
                .newHasher()
                .putString(source, StandardCharsets.US_ASCII)
                .putLong(plan.seed())
                .putInt(index)
                .hash()
                .asLong();
    }

    private static GeneratedAnomaly generate(
            AnomalyGenerator generator,
            String category,
            RgbImage normal,
            SamplePlan plan,
            int index,
            long seed,
            CancellationToken token) {
        String prompt =
                plan.prompts().get(index % plan.prompts().size()).replace("{}", PromptEnsemble.spoken(category));
        var request = GenerationRequest.builder()
                .normal(normal)
                .anomaly(prompt)
                .region(plan.region())
                .retries(plan.retries())
                .seed(seed);
        plan.settings().ifPresent(request::settings);
        var result = generator.generate(request.build(), RunControl.none().withToken(token));
        var all = new ArrayList<>(result.accepted());
        all.addAll(result.rejected());
        return all.get(0);
    }

    /**
     * All samples of the folder.
     *
     * @return samples of each category in alphabetical order, good ones first
     * @throws IOException if the folder can't be read, is empty, or an anomaly has no labels
     */
    public List<TrainingSample> samples() throws IOException {
        return samples(name -> true);
    }

    /**
     * The samples that come of some good pictures.
     *
     * @param category their category
     * @param normals the good pictures
     * @return these pictures and the anomalies generated of them
     * @throws IOException if the folder can't be read or an anomaly has no labels
     * @throws IllegalArgumentException if the category can't name a folder
     */
    public List<TrainingSample> samplesOf(String category, List<RgbImage> normals) throws IOException {
        var sources =
                normals.stream().map(normal -> normal.sha256().substring(0, 16)).toList();
        return category(home(category), name -> sources.contains(name.split("[-.]", 2)[0]));
    }

    private List<TrainingSample> samples(Predicate<String> wanted) throws IOException {
        var samples = new ArrayList<TrainingSample>();
        for (Path home : sorted(folder)) {
            if (Files.isDirectory(home.resolve("normal")) || Files.isDirectory(home.resolve("anomalous"))) {
                samples.addAll(category(home, wanted));
            }
        }
        if (samples.isEmpty()) {
            throw new IOException(folder
                    + " holds no samples: CATEGORY/normal, CATEGORY/anomalous and CATEGORY/labels are" + " wanted");
        }
        return samples;
    }

    private static List<TrainingSample> category(Path home, Predicate<String> wanted) throws IOException {
        String category = String.valueOf(home.getFileName());
        var samples = new ArrayList<TrainingSample>();
        for (Path image : pictures(home.resolve("normal"), wanted)) {
            samples.add(TrainingSample.normal(category, image));
        }
        for (Path image : pictures(home.resolve("anomalous"), wanted)) {
            Path labels = home.resolve("labels").resolve(String.valueOf(image.getFileName()));
            if (!Files.exists(labels)) {
                throw new IOException(image + " has no labels: " + labels + " is wanted");
            }
            samples.add(TrainingSample.anomaly(category, image, labels));
        }
        return samples;
    }

    private static List<Path> pictures(Path folder, Predicate<String> wanted) throws IOException {
        return sorted(folder).stream()
                .filter(file -> {
                    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
                    return !name.startsWith(".") && name.matches(".*\\.(png|jpe?g)") && wanted.test(name);
                })
                .toList();
    }

    private static List<Path> sorted(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /**
     * Samples of an auxiliary dataset, to train on besides those of the dataset that will be evaluated: VisA's for MVTec AD and
     * MVTec AD's for VisA, in the paper's protocol (CUT §5.1).
     *
     * @param kind which of its pictures; name it in reports, since it makes another protocol
     * @param dataset another dataset than that which is evaluated
     * @param shots good pictures of each category to generate anomalies of; matters with {@link AuxiliaryData#SYNTHETIC} only
     * @param seed by which they are drawn
     * @param generator makes anomalies; unused but for {@link AuxiliaryData#SYNTHETIC}
     * @param plan which anomalies
     * @param token stops between two pictures
     * @return the samples; none with {@link AuxiliaryData#NONE}
     * @throws IOException if something can't be read or written
     * @throws IllegalArgumentException if a category has fewer good pictures than {@code shots}
     * @throws GenerationCancelledException if the token was cancelled; what was made stays
     */
    public List<TrainingSample> auxiliary(
            AuxiliaryData kind,
            Dataset dataset,
            int shots,
            long seed,
            AnomalyGenerator generator,
            SamplePlan plan,
            CancellationToken token)
            throws IOException {
        if (kind != AuxiliaryData.SYNTHETIC) {
            return kind == AuxiliaryData.NONE ? List.of() : realTest(dataset);
        }
        var samples = new ArrayList<TrainingSample>();
        for (String category : dataset.categories()) {
            var normals = new ArrayList<RgbImage>();
            for (var sample : dataset.category(category).kShot(shots, seed)) {
                normals.add(sample.readImage());
            }
            generate(generator, category, normals, plan, token);
            samples.addAll(samplesOf(category, normals));
        }
        return samples;
    }

    /**
     * The test pictures of an auxiliary dataset with their real masks, as samples.
     *
     * @param dataset another dataset than that which is evaluated
     * @return its test pictures; anomalies without a mask are left out
     */
    public static List<TrainingSample> realTest(Dataset dataset) {
        var samples = new ArrayList<TrainingSample>();
        for (String category : dataset.categories()) {
            dataset.category(category).test().stream()
                    .filter(sample -> !sample.anomalous() || sample.mask().isPresent())
                    .forEach(sample -> samples.add(TrainingSample.of(category, sample)));
        }
        return samples;
    }
}
