// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A folder on disk that should hold a model. Files of no bytes and links to nowhere count as missing: that is what a full
 * disk or a power failure leaves.
 *
 * @param directory the folder
 */
record ModelFolder(Path directory) {
    private static final String SHARD_INDEX = ".index.json";
    private static final List<String> PICKLES =
            List.of("diffusion_pytorch_model.bin", "pytorch_model.bin", "open_clip_pytorch_model.bin");

    /** What of a model isn't there; empty if it can be loaded. */
    List<String> missing(HubModel model) {
        var missing = model.include().isEmpty() ? missing() : missingOf(model.include());
        missing.removeIf(path -> model.exclude().stream().anyMatch(pattern -> Glob.matches(pattern, path)));
        return missing;
    }

    /** What isn't there that a model must have; empty if it can be loaded. */
    List<String> missing() {
        return ModelLayout.missing(this::has, this::shards);
    }

    /** Pickles where safetensors are missing. */
    List<String> pickles() {
        return missing().stream()
                .filter(path -> path.endsWith(".safetensors"))
                .map(path -> path.substring(0, path.lastIndexOf('/') + 1))
                .distinct()
                .flatMap(folder -> PICKLES.stream().map(folder::concat))
                .filter(this::has)
                .toList();
    }

    private List<String> missingOf(List<String> patterns) {
        var missing = new TreeSet<String>();
        var names = names();
        for (var pattern : patterns) {
            if (names.stream().noneMatch(name -> Glob.matches(pattern, name))) {
                missing.add(pattern);
            }
        }
        names.stream()
                .filter(name -> name.endsWith(SHARD_INDEX))
                .filter(name -> patterns.stream().anyMatch(pattern -> Glob.matches(pattern, name)))
                .flatMap(name -> shards(name).stream())
                .filter(shard -> !has(shard))
                .forEach(missing::add);
        return new ArrayList<>(missing);
    }

    private List<String> names() {
        try (var files = Files.walk(directory)) {
            return files.map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .filter(this::has)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private boolean has(String path) {
        try {
            Path file = directory.resolve(path);
            return Files.isRegularFile(file) && Files.size(file) > 0;
        } catch (IOException | InvalidPathException e) {
            return false;
        }
    }

    /** The shards that an index names. One that isn't as it should be gives none: whoever loads it says why. */
    private List<String> shards(String index) {
        var folder = index.substring(0, index.lastIndexOf('/') + 1);
        try {
            var json = JsonParser.parseString(Files.readString(directory.resolve(index)));
            return json.getAsJsonObject().getAsJsonObject("weight_map").asMap().values().stream()
                    .map(JsonElement::getAsString)
                    .distinct()
                    .map(folder::concat)
                    .toList();
        } catch (IOException
                | JsonParseException
                | ClassCastException
                | IllegalStateException
                | UnsupportedOperationException
                | NullPointerException e) {
            return List.of();
        }
    }
}
