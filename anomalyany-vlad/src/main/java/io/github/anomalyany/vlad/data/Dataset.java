// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.data;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Images of one or more categories. Immutable, safe to share between threads. {@link Datasets} reads them from folders. */
public final class Dataset {
    private final String name;
    /** By name, sorted. */
    private final TreeMap<String, Category> categories = new TreeMap<>();

    private Dataset(String name) {
        this.name = name;
    }

    /**
     * Makes a dataset, for layouts that {@link Datasets} doesn't know.
     *
     * @param name for reports
     * @param categories at least one, in any order
     * @return the dataset
     * @throws IllegalArgumentException if there is no category, two have one name, or the name is blank
     */
    public static Dataset of(String name, Collection<Category> categories) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the name of a dataset must not be blank");
        }
        if (categories.isEmpty()) {
            throw new IllegalArgumentException("the dataset " + name + " must have at least one category");
        }
        var dataset = new Dataset(name);
        for (var category : categories) {
            if (dataset.categories.put(category.name(), category) != null) {
                throw new IllegalArgumentException(
                        "the dataset %s must not have two categories named %s".formatted(name, category.name()));
            }
        }
        return dataset;
    }

    /**
     * What it is called in reports.
     *
     * @return the name of its folder, if {@link Datasets} read it
     */
    public String name() {
        return name;
    }

    /**
     * The names of the categories.
     *
     * @return at least one, sorted
     */
    public List<String> categories() {
        return List.copyOf(categories.keySet());
    }

    /**
     * One category.
     *
     * @param category its name
     * @return its images
     * @throws IllegalArgumentException if there is none of that name; the message lists the names
     */
    public Category category(String category) {
        var found = categories.get(Objects.requireNonNull(category, "category"));
        if (found == null) {
            throw new IllegalArgumentException("the dataset %s has no category \"%s\"; it has %s"
                    .formatted(name, category, String.join(", ", categories())));
        }
        return found;
    }

    /** Name and categories, as {@code Dataset[mvtec: bottle, cable]}. */
    @Override
    public String toString() {
        return "Dataset[" + name + ": " + String.join(", ", categories()) + "]";
    }
}
