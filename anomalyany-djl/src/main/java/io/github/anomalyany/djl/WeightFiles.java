// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.gson.stream.JsonReader;
import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The weight files of one network, found in its folder by the names that diffusers and transformers give them.
 *
 * <p>Looked for, in this order, are {@code diffusion_pytorch_model.safetensors} and {@code model.safetensors}, then
 * their indexes of shards ({@code ….safetensors.index.json}), then the single half-precision files ({@code
 * ….fp16.safetensors}), then their indexes, which occur under three spellings. Pickles are never opened.
 *
 * <p>A single file, and an index, may be a symbolic link to anywhere, as whoever made the folder put it there. An
 * index, which comes from elsewhere, can only name plain files of its own folder, and what these lead to must lie in
 * that folder too, or in the {@code blobs} of the Hugging Face cache whose snapshot the folder is part of.
 */
final class WeightFiles {
    private static final List<String> BASES = List.of("diffusion_pytorch_model", "model", "open_clip_model");
    private static final List<String> SUFFIXES = List.of(
            ".safetensors",
            ".safetensors.index.json",
            ".fp16.safetensors",
            ".safetensors.index.fp16.json",
            ".safetensors.fp16.index.json",
            ".fp16.safetensors.index.json");
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|ckpt|pt|pth|pkl)");
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}\\.safetensors");
    private static final int MAX_INDEX_BYTES = 16 << 20;
    private static final int MAX_SHARDS = 1000;
    private static final int MAX_LISTED = 10;

    private final Path source;
    private final List<Path> shards;
    /** File name of the shard by tensor name; empty for a single file. */
    private final Map<String, String> weightMap;

    private WeightFiles(Path source, List<Path> shards, Map<String, String> weightMap) {
        this.source = source;
        this.shards = shards;
        this.weightMap = weightMap;
    }

    /** Finds the weight files of a network's folder without opening them. */
    static WeightFiles find(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new ModelLoadException(
                    folder,
                    Files.exists(folder)
                            ? "is not a folder; the folder with the network's config.json and weights is wanted"
                            : "does not exist; the folder with the network's config.json and weights is wanted");
        }
        for (var suffix : SUFFIXES) {
            for (var base : BASES) {
                Path file = folder.resolve(base + suffix);
                if (Files.exists(file) || Files.isSymbolicLink(file)) {
                    return suffix.endsWith(".json")
                            ? sharded(folder, file)
                            : new WeightFiles(file, List.of(file), Map.of());
                }
            }
        }
        throw nothingFound(folder);
    }

    /** The single weight file, or the index of the shards. */
    Path source() {
        return source;
    }

    /** The safetensors files. */
    List<Path> shards() {
        return shards;
    }

    /** Requires that each shard holds exactly the tensors that the index says it does. */
    void checkShards(List<SafetensorsFile> files) {
        if (source.equals(shards.get(0))) {
            return;
        }
        int found = 0;
        for (var file : files) {
            String shard = String.valueOf(file.path().getFileName());
            for (var name : file.entries().keySet()) {
                if (!shard.equals(weightMap.get(name))) {
                    throw new ModelLoadException(
                            file.path(), ModelJson.shown(name), "is not listed for this shard in " + source, null);
                }
                found++;
            }
        }
        if (found < weightMap.size()) {
            throw missing(files);
        }
    }

    private ModelLoadException missing(List<SafetensorsFile> files) {
        var present = new HashSet<String>();
        files.forEach(file -> present.addAll(file.entries().keySet()));
        String name = weightMap.keySet().stream()
                .filter(tensor -> !present.contains(tensor))
                .findFirst()
                .orElseThrow();
        return new ModelLoadException(
                source, ModelJson.shown(name), "is listed in " + weightMap.get(name) + " but is not there", null);
    }

    private static WeightFiles sharded(Path folder, Path index) {
        var weightMap = ModelJson.parse(index, MAX_INDEX_BYTES, in -> readIndex(index, in));
        if (weightMap.isEmpty()) {
            throw new ModelLoadException(index, "has no weight_map, or an empty one");
        }
        var names = new LinkedHashSet<>(weightMap.values());
        if (names.size() > MAX_SHARDS) {
            throw new ModelLoadException(index, "names " + names.size() + " shards, more than " + MAX_SHARDS);
        }
        var shards = new ArrayList<Path>();
        for (var name : names) {
            shards.add(shard(folder, index, name));
        }
        return new WeightFiles(index, List.copyOf(shards), weightMap);
    }

    private static Map<String, String> readIndex(Path index, JsonReader in) throws IOException {
        var weightMap = new LinkedHashMap<String, String>();
        var seen = new HashSet<String>();
        in.beginObject();
        while (in.hasNext()) {
            if (!ModelJson.name(in, seen).equals("weight_map")) {
                in.skipValue();
                continue;
            }
            in.beginObject();
            var tensors = new HashSet<String>();
            while (in.hasNext()) {
                String name = ModelJson.name(in, tensors);
                String shard = ModelJson.text(in);
                if (!SHARD.matcher(shard).matches()) {
                    throw new ModelLoadException(
                            index,
                            ModelJson.shown(name),
                            "is said to be in \"" + ModelJson.shown(shard)
                                    + "\", which is not the plain name of a .safetensors file in this folder",
                            null);
                }
                weightMap.put(name, shard);
            }
            in.endObject();
        }
        in.endObject();
        return weightMap;
    }

    private static Path shard(Path folder, Path index, String name) {
        Path shard = folder.resolve(name);
        if (!Files.exists(shard)) {
            throw new ModelLoadException(shard, "does not exist but " + index.getFileName() + " names it as a shard");
        }
        try {
            Path home = folder.toRealPath();
            Path target = shard.toRealPath();
            @Nullable Path blobs = cacheBlobs(home);
            if (!target.startsWith(home) && (blobs == null || !target.startsWith(blobs))) {
                throw new ModelLoadException(shard, "is a link that leads out of its folder, to " + target);
            }
        } catch (IOException e) {
            throw ModelJson.unreadable(shard, e);
        }
        return shard;
    }

    /** The folder to whose files a Hugging Face cache links from {@code snapshots/<revision>/…}. */
    private static @Nullable Path cacheBlobs(Path folder) throws IOException {
        for (Path at = folder; at != null; at = at.getParent()) {
            if (at.endsWith("snapshots")) {
                Path blobs = at.resolveSibling("blobs");
                return Files.isDirectory(blobs, LinkOption.NOFOLLOW_LINKS) ? blobs.toRealPath() : null;
            }
        }
        return null;
    }

    private static ModelLoadException nothingFound(Path folder) {
        var others = new ArrayList<String>();
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                String name = String.valueOf(file.getFileName());
                if (PICKLE.matcher(name).matches()) {
                    return onlyPickle(file, name);
                }
                if (name.endsWith(".safetensors") && others.size() < MAX_LISTED) {
                    others.add(name);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw ModelJson.unreadable(folder, e);
        }
        return new ModelLoadException(
                folder,
                "has no weights: neither diffusion_pytorch_model.safetensors nor model.safetensors, nor their"
                        + " .fp16.safetensors variants, nor a .safetensors.index.json; fetch them with"
                        + " ModelStore.builder().allowDownloads(true).build().huggingFace(\"OWNER/NAME\")"
                        + (others.isEmpty() ? "" : "; files of other names are not used: " + others));
    }

    private static ModelLoadException onlyPickle(Path file, String name) {
        String base = name.startsWith(BASES.get(0)) ? BASES.get(0) : BASES.get(1);
        return new ModelLoadException(
                file,
                "is a pickle, which can run code when read, so it is never opened; fetch " + base
                        + ".safetensors from the same repository into this folder, or convert it with safetensors");
    }
}
