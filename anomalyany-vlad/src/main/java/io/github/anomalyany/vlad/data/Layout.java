// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the images of a category lie in its folder.
 *
 * @param parts folders of which a category has at least one
 * @param reader of a category
 */
record Layout(List<String> parts, CategoryReader reader) {
    /** As in MVTec AD, and in VisA after its own script has moved the files. */
    static final Layout TRAIN_AND_TEST = new Layout(List.of("train", "test", "ground_truth"), TrainAndTest::read);
    /** Plain folders. */
    static final Layout NORMAL_AND_ABNORMAL =
            new Layout(List.of("normal", "test_normal", "abnormal", "masks"), NormalAndAbnormal::read);

    /** Reads a category from its folder. */
    @FunctionalInterface
    interface CategoryReader {
        Category read(String name, Path folder) throws IOException;
    }

    /** Whether a folder is a category. */
    private boolean isCategory(Path folder) {
        return parts.stream().anyMatch(part -> Files.isDirectory(folder.resolve(part)));
    }

    /** The root itself if it is a category, else the folders in it that are. */
    List<Path> categories(Path root) throws IOException {
        return isCategory(root)
                ? List.of(root)
                : Listing.of(root).folders().stream().filter(this::isCategory).toList();
    }

    /** Reads all categories. */
    Dataset read(Path root, String name) throws IOException {
        var folders = categories(root);
        if (folders.isEmpty()) {
            throw new IOException(
                    "neither %s nor a folder in it has a folder named %s".formatted(root, String.join(" or ", parts)));
        }
        var categories = new ArrayList<Category>();
        for (Path folder : folders) {
            categories.add(reader.read(nameOf(folder), folder));
        }
        return Dataset.of(name, categories);
    }

    /** The name of a folder, which "." and "/" don't have by themselves. */
    static String nameOf(Path folder) {
        return Listing.name(folder.toAbsolutePath().normalize());
    }

    static List<Sample> normal(List<Path> images) {
        return images.stream()
                .map(image -> new Sample(image, Optional.empty(), Sample.GOOD))
                .toList();
    }
}
