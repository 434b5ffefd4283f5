// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import io.github.anomalyany.ModelLoadException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tokens with a meaning of their own, read from {@code tokenizer_config.json} and {@code special_tokens_map.json}.
 * Their names inside a text are those tokens: a token given as a plain string is looked for in the text as it is, one
 * given as an object that says {@code normalized} in the normalised text. Where several forms occur for one name, that
 * one wins which occurs last for the first time: this is what transformers does. {@code added_tokens_decoder} of the former file, which recent writers give, stands for the
 * latter file as a whole.
 */
final class SpecialTokens {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 65_536;
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final Map<String, String> DEFAULTS = roles();

    private final Map<String, Integer> idByRole;
    private final Finder raw;
    private final Finder normalized;
    private final int maxLength;

    private SpecialTokens(Map<String, Integer> idByRole, Finder raw, Finder normalized, int maxLength) {
        this.idByRole = idByRole;
        this.raw = raw;
        this.normalized = normalized;
        this.maxLength = maxLength;
    }

    /** A token's name, where to look for it, and whether it was given as a plain string. */
    private record Token(String content, boolean isNormalized, boolean isPlain) {
        static Token plain(String content) {
            return new Token(content, false, true);
        }
    }

    /** A stretch of text, or a special token with its id. */
    record Part(String text, @Nullable Integer id) {}

    static SpecialTokens read(Path folder, Vocabulary vocabulary) {
        Path configFile = folder.resolve("tokenizer_config.json");
        Path mapFile = folder.resolve("special_tokens_map.json");
        var reader = new Reader(vocabulary, configFile);
        int maxLength = MAX_LENGTH;
        boolean hasDecoder = false;
        if (Files.exists(configFile)) {
            var config = ModelConfig.read(configFile);
            maxLength = maxLength(config);
            reader.readRoles(config);
            var decoder = config.group("added_tokens_decoder");
            decoder.ifPresent(reader::readAdded);
            hasDecoder = decoder.isPresent();
        }
        if (Files.exists(mapFile) && !hasDecoder) {
            reader.source = mapFile;
            reader.readRoles(ModelConfig.read(mapFile));
        }
        Path addedFile = folder.resolve("added_tokens.json");
        if (Files.exists(addedFile) && !hasDecoder) {
            ModelConfig.read(addedFile).refuseUnknown();
        }
        return reader.build(maxLength);
    }

    private static int maxLength(ModelConfig config) {
        config.refuseUnlessDefault("tokenizer_class", "CLIPTokenizer", "CLIPTokenizerFast");
        config.refuseUnlessDefault("padding_side", "right");
        config.refuseUnlessDefault("truncation_side", "right");
        // Writers that know no limit put 10^30 here.
        double length = config.number("model_max_length", MAX_LENGTH, MIN_LENGTH, 1e31);
        if (length != Math.rint(length)) {
            throw config.problem("model_max_length", "must be an integer");
        }
        return (int) Math.min(MAX_LENGTH, length);
    }

    /** Gathers the tokens from the files. */
    private static final class Reader {
        private final Map<String, Token> byRole = new LinkedHashMap<>();
        private final Map<String, Token> added = new LinkedHashMap<>();
        private final Vocabulary vocabulary;
        private Path source;

        Reader(Vocabulary vocabulary, Path source) {
            this.vocabulary = vocabulary;
            this.source = source;
            DEFAULTS.forEach((role, content) -> byRole.put(role, Token.plain(content)));
        }

        void readRoles(ModelConfig config) {
            config.refuseUnlessDefault("additional_special_tokens");
            config.refuseUnlessDefault("extra_special_tokens");
            for (var role : DEFAULTS.keySet()) {
                if (config.isText(role)) {
                    byRole.put(role, Token.plain(config.text(role, "")));
                } else {
                    config.group(role).ifPresent(token -> byRole.put(role, token(token)));
                }
            }
        }

        /** Tokens under their ids; they say for each role with the same token how to look for it. */
        void readAdded(ModelConfig decoder) {
            for (var id : decoder.names()) {
                decoder.group(id).ifPresent(group -> {
                    var token = token(group);
                    if (!id.equals(String.valueOf(vocabulary.require(token.content(), source)))) {
                        throw decoder.problem(id, "adds a token under another id than vocab.json does");
                    }
                    added.put(token.content(), token);
                });
            }
            byRole.replaceAll((role, token) -> added.getOrDefault(token.content(), token));
        }

        private static Token token(ModelConfig token) {
            token.refuseUnlessDefault("single_word", false);
            return new Token(token.text("content", ""), token.flag("normalized", false), false);
        }

        SpecialTokens build(int maxLength) {
            var ids = new LinkedHashMap<String, Integer>();
            var distinct = new LinkedHashSet<>(added.values());
            byRole.forEach((role, token) -> {
                ids.put(role, vocabulary.require(token.content(), source));
                distinct.add(token);
            });
            var raw = new LinkedHashMap<String, Integer>();
            var normalized = new LinkedHashMap<String, Integer>();
            distinct.forEach(token -> {
                String content = token.content();
                int id = vocabulary.require(content, source);
                if (content.isEmpty()) {
                    throw new ModelLoadException(source, "names a special token that is empty");
                }
                if (token.isNormalized()) {
                    raw.remove(content);
                    normalized.put(ClipTokenizer.normalized(content), id);
                } else {
                    normalized.remove(ClipTokenizer.normalized(content));
                    raw.put(content, id);
                }
            });
            return new SpecialTokens(ids, new Finder(raw), new Finder(normalized), maxLength);
        }
    }

    int start() {
        return id("bos_token");
    }

    int end() {
        return id("eos_token");
    }

    int unknown() {
        return id("unk_token");
    }

    int padding() {
        return id("pad_token");
    }

    /** The largest number of tokens that the tokenizer's own configuration allows. */
    int maxLength() {
        return maxLength;
    }

    /** Splits off the tokens that are looked for in a text as it is. */
    List<Part> splitRaw(String text) {
        return raw.split(text);
    }

    /** Splits off the tokens that are looked for in normalised text. */
    List<Part> splitNormalized(String text) {
        return normalized.split(text);
    }

    private int id(String role) {
        return Objects.requireNonNull(idByRole.get(role), role);
    }

    private static Map<String, String> roles() {
        var roles = new LinkedHashMap<String, String>();
        roles.put("bos_token", START);
        roles.put("eos_token", END);
        roles.put("unk_token", END);
        roles.put("pad_token", END);
        return roles;
    }

    /** Finds names in a text, the leftmost first, of several at one place the longest. */
    private static final class Finder {
        private final Map<String, Integer> ids;
        private final Pattern names;

        Finder(Map<String, Integer> ids) {
            this.ids = ids;
            names = Pattern.compile(ids.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length).reversed())
                    .map(Pattern::quote)
                    .collect(Collectors.joining("|")));
        }

        List<Part> split(String text) {
            if (ids.isEmpty()) {
                return List.of(new Part(text, null));
            }
            var parts = new ArrayList<Part>();
            int end = 0;
            var name = names.matcher(text);
            while (name.find()) {
                parts.add(new Part(text.substring(end, name.start()), null));
                parts.add(new Part(name.group(), ids.get(name.group())));
                end = name.end();
            }
            parts.add(new Part(text.substring(end), null));
            return parts;
        }
    }
}
