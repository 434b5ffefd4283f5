// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** Reads VisA as it is published: {@code split_csv/1cls.csv} says which image is what. Other files don't count. */
final class VisaCsv {
    private static final String TRAIN = "train";
    private static final String NORMAL = "normal";
    private static final String ANOMALY = "anomaly";

    private final Path root;
    private final Path csv;
    /** By category and path, sorted by string, so that the order is the same on every system. */
    private final Map<String, SortedMap<String, Sample>> train = new TreeMap<>();

    private final Map<String, SortedMap<String, Sample>> test = new TreeMap<>();
    /** Numbers of the lines of images, by the path without extension. */
    private final Map<Path, Integer> images = new HashMap<>();
    /** Of masks likewise. */
    private final Map<Path, Integer> masks = new HashMap<>();

    private VisaCsv(Path root) {
        this.root = root;
        csv = csv(root);
    }

    static Path csv(Path root) {
        return root.resolve("split_csv").resolve("1cls.csv");
    }

    static Dataset read(Path root, String name) throws IOException {
        var reader = new VisaCsv(root);
        for (var row : Csv.read(reader.csv, List.of("object", "split", "label", "image", "mask"))) {
            reader.add(row);
        }
        return Dataset.of(name, reader.categories());
    }

    private void add(Csv.Row row) throws IOException {
        String category = value(row, "object");
        String split = oneOf(row, "split", TRAIN, "test");
        boolean anomalous = oneOf(row, "label", NORMAL, ANOMALY).equals(ANOMALY);
        if (category.isEmpty()) {
            throw error(row, "names no object");
        }
        if (anomalous && split.equals(TRAIN)) {
            throw error(row, "has an anomaly to train on; 1cls.csv has normal images there only");
        }
        if (anomalous == value(row, "mask").isEmpty()) {
            throw error(row, anomalous ? "has no mask for an anomaly" : "has a mask for a normal image");
        }
        Path image = file(row, "image", images);
        Optional<Path> mask = anomalous ? Optional.of(mask(row, image)) : Optional.empty();
        (split.equals(TRAIN) ? train : test)
                .computeIfAbsent(category, key -> new TreeMap<>())
                .put(value(row, "image"), new Sample(image, mask, anomalous ? ANOMALY : Sample.GOOD));
    }

    private Path mask(Csv.Row row, Path image) throws IOException {
        Path mask = file(row, "mask", masks);
        if (!Pairing.matches(image, mask)) {
            throw error(
                    row,
                    "has the mask %s for the image %s: the names must agree"
                            .formatted(value(row, "mask"), value(row, "image")));
        }
        return mask;
    }

    private List<Category> categories() throws IOException {
        var names = new TreeSet<>(train.keySet());
        names.addAll(test.keySet());
        var categories = new ArrayList<Category>();
        for (String name : names) {
            categories.add(new Category(name, samples(train, name, TRAIN), samples(test, name, "test")));
        }
        return categories;
    }

    private List<Sample> samples(Map<String, SortedMap<String, Sample>> samples, String category, String split)
            throws IOException {
        var found = samples.get(category);
        if (found == null) {
            throw new IOException("%s has no line for %s with split %s".formatted(csv, category, split));
        }
        return List.copyOf(found.values());
    }

    private Path file(Csv.Row row, String column, Map<Path, Integer> seen) throws IOException {
        String path = value(row, column);
        Path inside = inside(row, column, path);
        Path file = root.resolve(inside);
        if (!Files.isRegularFile(file)) {
            Path first = inside.getName(0);
            boolean gone = !Files.isDirectory(root.resolve(first));
            throw error(
                    row,
                    "names %s, which isn't there%s"
                            .formatted(file, gone ? ": the whole folder " + first + " is missing" : ""));
        }
        Integer before = seen.put(file.resolveSibling(Listing.stem(file)), row.number());
        if (before != null) {
            throw error(row, "names %s, which line %d names too (extensions don't count)".formatted(path, before));
        }
        return file;
    }

    private Path inside(Csv.Row row, String column, String path) throws IOException {
        try {
            Path relative = Path.of(path);
            boolean up = StreamSupport.stream(relative.spliterator(), false)
                    .anyMatch(part -> part.toString().equals(".."));
            if (relative.getRoot() == null && !path.isEmpty() && !path.contains("\\") && !up) {
                return relative.normalize();
            }
        } catch (InvalidPathException e) {
            throw new IOException(
                    error(row, "has no valid path as " + column + ": " + path).getMessage(), e);
        }
        throw error(
                row,
                "has the %s \"%s\": it must be a path inside %s, with / and without ..".formatted(column, path, root));
    }

    private String oneOf(Csv.Row row, String column, String first, String second) throws IOException {
        String value = value(row, column);
        if (!value.equals(first) && !value.equals(second)) {
            throw error(row, "has the %s \"%s\": it must be %s or %s".formatted(column, value, first, second));
        }
        return value;
    }

    private static String value(Csv.Row row, String column) {
        return row.values().getOrDefault(column, "");
    }

    private IOException error(Csv.Row row, String what) {
        return new IOException("line %d of %s %s".formatted(row.number(), csv, what));
    }
}
