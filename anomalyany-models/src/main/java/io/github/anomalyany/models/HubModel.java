// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Which files of which repository of the Hugging Face Hub. Immutable.
 *
 * <p>Patterns are those of {@code hf download --include}: {@code *} stands for any characters, slashes too, {@code ?} for
 * one, {@code [abc]} for one of a set. Without patterns to include, the files are those that a Stable Diffusion or CLIP
 * model is loaded from. Pickles ({@code .bin}, {@code .ckpt}, {@code .pt}, {@code .pth}, {@code .pkl}) are never fetched.
 *
 * @param id {@code owner/name}
 * @param revision a branch, a tag or a commit of 40 hexadecimal digits; default {@code main}
 * @param include patterns of the files wanted; empty for those that the model is loaded from
 * @param exclude patterns of files not wanted
 */
public record HubModel(String id, String revision, List<String> include, List<String> exclude) {
    private static final Pattern ID =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}");
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_.+@=-]{1,100}(/[A-Za-z0-9_.+@=-]{1,100}){0,9}");
    private static final Pattern DOTS = Pattern.compile("(.*/)?\\.{1,2}(/.*)?");

    /**
     * Checks the values.
     *
     * @param id {@code owner/name}
     * @param revision a branch, a tag or a commit of 40 hexadecimal digits
     * @param include patterns of the files wanted; empty for those that the model is loaded from
     * @param exclude patterns of files not wanted
     * @throws IllegalArgumentException if the id or the revision can't be one, or a pattern is empty or malformed
     */
    public HubModel {
        if (!ID.matcher(id).matches() || id.contains("--") || id.contains("..")) {
            throw new IllegalArgumentException(
                    "id must be OWNER/NAME, as \"stable-diffusion-v1-5/stable-diffusion-v1-5\", but was \"%s\""
                            .formatted(id));
        }
        if (!REVISION.matcher(revision).matches() || DOTS.matcher(revision).matches()) {
            throw new IllegalArgumentException(
                    "revision must be a branch, a tag or a commit, as \"main\", but was \"%s\"".formatted(revision));
        }
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        if (include.contains("") || exclude.contains("")) {
            throw new IllegalArgumentException(
                    "patterns must not be empty but were %s and, to exclude, %s".formatted(include, exclude));
        }
        // Throws if one is malformed.
        include.forEach(pattern -> Glob.matches(pattern, ""));
        exclude.forEach(pattern -> Glob.matches(pattern, ""));
    }

    /**
     * The model of a repository, on its branch {@code main}.
     *
     * @param id {@code owner/name}
     * @return what the model is loaded from
     * @throws IllegalArgumentException if the id can't be one
     */
    public static HubModel of(String id) {
        return new HubModel(Objects.requireNonNull(id, "id"), "main", List.of(), List.of());
    }

    /**
     * The same at another revision. A commit makes sure that it is the same model for ever.
     *
     * @param revision a branch, a tag or a commit of 40 hexadecimal digits
     * @return a new model
     * @throws IllegalArgumentException if the revision can't be one
     */
    public HubModel withRevision(String revision) {
        return new HubModel(id, Objects.requireNonNull(revision, "revision"), include, exclude);
    }

    /**
     * The same with other files.
     *
     * @param patterns of the files wanted; none for those that the model is loaded from
     * @return a new model
     * @throws IllegalArgumentException if a pattern is empty or malformed
     */
    public HubModel withInclude(String... patterns) {
        return new HubModel(id, revision, List.of(patterns), exclude);
    }

    /**
     * The same with fewer files.
     *
     * @param patterns of files not wanted
     * @return a new model
     * @throws IllegalArgumentException if a pattern is empty or malformed
     */
    public HubModel withExclude(String... patterns) {
        return new HubModel(id, revision, include, List.of(patterns));
    }
}
