// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which files a model is loaded from: Stable Diffusion in the diffusers layout where there is a {@code model_index.json},
 * else CLIP. Of the weights of a network those are taken that the loaders take: whole before in shards, and half
 * precision only where there is nothing else.
 */
final class ModelLayout {
    private static final String INDEX = "model_index.json";
    private static final String CONFIG = "config.json";
    private static final String CLIP = "clip/";
    private static final List<String> NETWORKS = List.of("unet/", "vae/", "text_encoder/");
    private static final List<String> BASES = List.of("diffusion_pytorch_model", "model", "open_clip_model");
    private static final List<String> SUFFIXES = List.of(
            ".safetensors",
            ".safetensors.index.json",
            ".fp16.safetensors",
            ".safetensors.index.fp16.json",
            ".safetensors.fp16.index.json",
            ".fp16.safetensors.index.json");
    private static final String OPEN_AI_VOCABULARY = "bpe_simple_vocab_16e6.txt.gz";
    private static final List<String> TOKENIZER = List.of(
            "vocab.json",
            "merges.txt",
            OPEN_AI_VOCABULARY,
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "preprocessor_config.json");
    private static final Pattern PICKLE = Pattern.compile("(?s).*\\.(bin|ckpt|pt|pth|pkl)");

    private ModelLayout() {}

    /** Whether a file can run code when read. */
    static boolean isPickle(String path) {
        return PICKLE.matcher(path).matches();
    }

    /** Of all files of a repository those that a model is loaded from. */
    static Set<String> select(Set<String> names) {
        var chosen = new TreeSet<String>();
        if (!names.contains(INDEX)) {
            clip(names, names.contains(CLIP + CONFIG) && !names.contains(CONFIG) ? CLIP : "", chosen);
            return chosen;
        }
        chosen.add(INDEX);
        names.stream()
                .filter(name -> name.startsWith("scheduler/") || name.startsWith("tokenizer/"))
                .filter(name -> !isPickle(name))
                .forEach(chosen::add);
        NETWORKS.forEach(folder -> network(names, folder, chosen));
        network(names, "taesd/", chosen);
        clip(names, CLIP, chosen);
        return chosen;
    }

    private static void clip(Set<String> names, String folder, Set<String> chosen) {
        network(names, folder, chosen);
        TOKENIZER.stream().map(folder::concat).filter(names::contains).forEach(chosen::add);
    }

    private static void network(Set<String> names, String folder, Set<String> chosen) {
        if (names.contains(folder + CONFIG)) {
            chosen.add(folder + CONFIG);
        }
        weights(names::contains, folder).ifPresent(weights -> {
            chosen.add(weights);
            if (weights.endsWith(".json")) {
                boolean half = weights.contains("fp16");
                var shard = Pattern.compile(Pattern.quote(weights.replaceFirst("\\.(fp16\\.)?safetensors.*", ""))
                        + "(\\.fp16)?-\\d+-of-\\d+(\\.fp16)?\\.safetensors");
                names.stream()
                        .filter(name -> shard.matcher(name).matches() && name.contains("fp16") == half)
                        .forEach(chosen::add);
            }
        });
    }

    /** The single weight file of a network, or the index of its shards. */
    private static Optional<String> weights(Predicate<String> has, String folder) {
        return SUFFIXES.stream()
                .flatMap(suffix -> BASES.stream().map(base -> folder + base + suffix))
                .filter(has)
                .findFirst();
    }

    /**
     * What a model can't be loaded without and isn't there.
     *
     * @param has whether a file is there
     * @param shards the paths of the shards that an index names
     * @return paths; empty if the model is complete
     */
    static List<String> missing(Predicate<String> has, Function<String, List<String>> shards) {
        var missing = new ArrayList<String>();
        if (has.test(INDEX)) {
            require("scheduler/scheduler_config.json", has, missing);
            if (has.test("tokenizer/vocab.json") || !has.test("tokenizer/" + OPEN_AI_VOCABULARY)) {
                require("tokenizer/vocab.json", has, missing);
                require("tokenizer/merges.txt", has, missing);
            }
            NETWORKS.forEach(folder -> requireNetwork(folder, has, shards, missing));
            return missing;
        }
        var folder = has.test(CLIP + CONFIG) && !has.test(CONFIG) ? CLIP : "";
        if (!has.test(folder + CONFIG) && weights(has, folder).isEmpty()) {
            missing.add(INDEX + " (Stable Diffusion), or " + CONFIG + " and model.safetensors (CLIP)");
            return missing;
        }
        requireNetwork(folder, has, shards, missing);
        return missing;
    }

    private static void requireNetwork(
            String folder, Predicate<String> has, Function<String, List<String>> shards, List<String> missing) {
        var weights = weights(has, folder);
        if (!weights.orElse("").contains("open_clip_model")) {
            require(folder + CONFIG, has, missing);
        }
        if (weights.isEmpty()) {
            boolean transformers = folder.equals("text_encoder/") || folder.equals(CLIP) || folder.isEmpty();
            missing.add(folder + (transformers ? "model" : "diffusion_pytorch_model") + ".safetensors");
        } else if (weights.get().endsWith(".json")) {
            shards.apply(weights.get()).forEach(shard -> require(shard, has, missing));
        }
    }

    private static void require(String path, Predicate<String> has, List<String> missing) {
        if (!has.test(path)) {
            missing.add(path);
        }
    }
}
