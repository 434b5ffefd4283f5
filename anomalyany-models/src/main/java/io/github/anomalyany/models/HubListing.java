// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the Hub says a repository holds. */
final class HubListing {
    static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    private static final int MAX_SHOWN = 10;

    private final String commit;
    private final Map<String, JsonObject> files;

    private HubListing(String commit, Map<String, JsonObject> files) {
        this.commit = commit;
        this.files = files;
    }

    /**
     * Reads the Hub's answer.
     *
     * @param json the answer
     * @throws RetriableException if it isn't what the Hub answers: something between may have made it
     */
    static HubListing parse(String json) throws RetriableException {
        try {
            var root = JsonParser.parseString(json).getAsJsonObject();
            var commit = text(root, "sha").orElse("");
            if (!COMMIT.matcher(commit).matches()) {
                throw new RetriableException("the list of files has no commit");
            }
            var files = new LinkedHashMap<String, JsonObject>();
            for (var sibling : root.getAsJsonArray("siblings")) {
                var file = sibling.getAsJsonObject();
                files.put(text(file, "rfilename").orElseThrow(), file);
            }
            return new HubListing(commit, files);
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException
                | NoSuchElementException e) {
            throw new RetriableException("the list of files isn't the JSON that the Hub answers with");
        }
    }

    String commit() {
        return commit;
    }

    /**
     * The files of a model.
     *
     * @throws ModelUnavailableException if the repository lacks some, or names or hashes are not as they must be
     */
    List<HubFile> select(HubModel model) {
        var chosen = chosen(model);
        var selected = new ArrayList<HubFile>();
        for (var path : chosen) {
            selected.add(file(model, path));
        }
        return List.copyOf(selected);
    }

    private Set<String> chosen(HubModel model) {
        Predicate<String> excluded = path -> matchesAny(model.exclude(), path);
        if (!model.include().isEmpty()) {
            var chosen = files.keySet().stream()
                    .filter(path -> matchesAny(model.include(), path) && !ModelLayout.isPickle(path))
                    .filter(excluded.negate())
                    .collect(Collectors.toCollection(TreeSet::new));
            if (chosen.isEmpty()) {
                throw new ModelUnavailableException("%s: none of its %d files is one of %s and none of %s; it holds %s"
                        .formatted(where(model), files.size(), model.include(), model.exclude(), some(files.keySet())));
            }
            return chosen;
        }
        var missing = ModelLayout.missing(files::containsKey, index -> List.of());
        missing.removeIf(excluded);
        if (!missing.isEmpty()) {
            var pickles = files.keySet().stream().filter(ModelLayout::isPickle).collect(Collectors.toSet());
            throw new ModelUnavailableException("%s lacks %s%s; choose a repository, or a revision of it, that has them"
                    .formatted(
                            where(model),
                            String.join(", ", missing),
                            pickles.isEmpty()
                                    ? ""
                                    : " (it has %s, but pickles can run code when read, so they are never fetched)"
                                            .formatted(some(pickles))));
        }
        var chosen = ModelLayout.select(files.keySet());
        chosen.removeIf(excluded);
        return chosen;
    }

    private HubFile file(HubModel model, String path) {
        if (!HubFile.isSafe(path)) {
            throw new ModelUnavailableException(
                    "%s has a file whose name leads out of a folder: \"%s\"; nothing was fetched"
                            .formatted(where(model), shown(path)));
        }
        try {
            var json = Objects.requireNonNull(files.get(path), path);
            var lfs = json.get("lfs");
            boolean large = lfs != null && !lfs.isJsonNull();
            var hash = large ? text(lfs.getAsJsonObject(), "sha256") : text(json, "blobId");
            long size = json.get("size").getAsLong();
            if (size < 0) {
                throw new IllegalArgumentException("negative size");
            }
            return new HubFile(path, size, new BlobHash(hash.orElseThrow()));
        } catch (RuntimeException e) {
            throw new ModelUnavailableException(
                    "%s: the server tells no size or hash of %s, so what it sends couldn't be checked; choose another endpoint"
                            .formatted(where(model), shown(path)),
                    e);
        }
    }

    private static boolean matchesAny(List<String> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> Glob.matches(pattern, path));
    }

    private String where(HubModel model) {
        return "the repository %s at revision %s (commit %s)".formatted(model.id(), model.revision(), commit);
    }

    private static String some(Set<String> paths) {
        return paths.stream().sorted().limit(MAX_SHOWN).map(HubListing::shown).collect(Collectors.joining(", "))
                + (paths.size() > MAX_SHOWN ? ", …" : "");
    }

    /** Names come from elsewhere: no line breaks or terminal codes in messages. */
    private static String shown(String text) {
        var plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() > 200 ? plain.substring(0, 200) + "…" : plain;
    }

    private static Optional<String> text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value == null || value.isJsonNull() ? Optional.empty() : Optional.of(value.getAsString());
    }
}
