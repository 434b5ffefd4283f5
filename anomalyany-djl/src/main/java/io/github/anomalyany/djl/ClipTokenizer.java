// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import com.google.common.io.Resources;
import io.github.anomalyany.ModelLoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CLIP's byte-pair tokenizer, giving the ids that the fast tokenizer of transformers gives. Text is composed (NFC),
 * runs of white space become one space, each character is lower-cased by itself, words are split off, and each word is
 * encoded. Names of special tokens inside a text are those tokens. Immutable and safe for use by many threads.
 */
public final class ClipTokenizer {
    /** OpenAI's vocabulary in one file. */
    public static final String OPENAI_FILE = "bpe_simple_vocab_16e6.txt.gz";

    /** Number of ids of the tokenizer that all CLIP models share. */
    public static final int STANDARD_SIZE = 49_408;

    private static final String STANDARD = "clip-merges.txt.gz";
    private static final int MAX_CONTEXT = 65_536;
    private static final Pattern SPACE = Pattern.compile("\\p{IsWhite_Space}+");
    private static final Pattern WORD = Pattern.compile("<\\|startoftext\\|>|<\\|endoftext\\|>"
            + "|'s|'t|'re|'ve|'m|'ll|'d|\\p{L}++|\\p{N}|[^\\p{IsWhite_Space}\\p{L}\\p{N}]++");
    /** Where a word of the pattern above is split again; differs from it in not knowing special tokens. */
    private static final Pattern PART = Pattern.compile("\\p{L}++|\\p{N}|'(?:s|t|re|ve|m|ll|d)|[^\\p{L}\\p{N}]++");

    private final Vocabulary vocabulary;
    private final SpecialTokens special;
    private final BytePairs pairs;
    private final int contextLength;

    private ClipTokenizer(Vocabulary vocabulary, SpecialTokens special, BytePairs pairs, int contextLength) {
        this.vocabulary = vocabulary;
        this.special = special;
        this.pairs = pairs;
        this.contextLength = contextLength;
    }

    /**
     * Loads a tokenizer.
     *
     * @param folder the folder with {@code vocab.json} and {@code merges.txt}, or with OpenAI's {@value #OPENAI_FILE}; {@code
     *     tokenizer_config.json} and {@code special_tokens_map.json} are read where they exist
     * @param maxPositions the number of positions that the text tower has; 77 in CLIP. A smaller {@code
     *     model_max_length} of the tokenizer counts instead
     * @return the tokenizer
     * @throws ModelLoadException if a file is missing, damaged, or doesn't fit to the others
     */
    public static ClipTokenizer load(Path folder, int maxPositions) {
        if (maxPositions < 3 || maxPositions > MAX_CONTEXT) {
            throw new IllegalArgumentException(
                    "maxPositions must be in [3, " + MAX_CONTEXT + "] but was " + maxPositions);
        }
        Path openAi = folder.resolve(OPENAI_FILE);
        if (!Files.exists(folder.resolve("vocab.json")) && Files.exists(openAi)) {
            return ofMerges(folder, openAi, ModelJson.bytes(openAi, Vocabulary.MAX_BYTES), maxPositions);
        }
        var vocabulary = Vocabulary.read(folder.resolve("vocab.json"));
        var special = SpecialTokens.read(folder, vocabulary);
        var pairs = vocabulary.readMerges(folder.resolve("merges.txt"), special.unknown());
        return new ClipTokenizer(vocabulary, special, pairs, Math.min(maxPositions, special.maxLength()));
    }

    /**
     * The tokenizer that all CLIP models share, for folders without its files.
     *
     * @param folder where {@code tokenizer_config.json} and {@code special_tokens_map.json} are read if they exist
     * @param maxPositions the number of positions that the text tower has
     * @return the tokenizer, with 49,408 ids
     */
    public static ClipTokenizer standard(Path folder, int maxPositions) {
        try {
            byte[] zipped = Resources.toByteArray(Resources.getResource(ClipTokenizer.class, STANDARD));
            return ofMerges(folder, Path.of(STANDARD), zipped, maxPositions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClipTokenizer ofMerges(Path folder, Path merges, byte[] zipped, int maxPositions) {
        var vocabulary = Vocabulary.ofMerges(merges, zipped);
        var special = SpecialTokens.read(folder, vocabulary);
        var pairs = vocabulary.readOpenAiMerges(merges, zipped, special.unknown());
        return new ClipTokenizer(vocabulary, special, pairs, Math.min(maxPositions, special.maxLength()));
    }

    /**
     * The number of ids that a text is encoded to.
     *
     * @return the number, with start and end token
     */
    public int contextLength() {
        return contextLength;
    }

    /**
     * The number of different ids: the text tower needs at least as many embeddings.
     *
     * @return the number of entries in the vocabulary
     */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /**
     * Encodes a text.
     *
     * @param text the text; may be empty
     * @param overlong what to do when it has more tokens than fit
     * @return the ids, padded to the context length
     * @throws IllegalArgumentException if the text has too many tokens and these are to be refused
     */
    public Encoding encode(String text, Overlong overlong) {
        Objects.requireNonNull(overlong, "overlong");
        var words = words(text);
        int room = contextLength - 2;
        int count = words.stream().mapToInt(word -> word.ids().size()).sum();
        if (count > room && overlong == Overlong.REFUSE) {
            throw new IllegalArgumentException("the prompt has " + count + " tokens but only " + room
                    + " fit; shorten it, or allow truncation to drop what follows the first " + room);
        }
        var ids = new long[contextLength];
        Arrays.fill(ids, special.padding());
        ids[0] = special.start();
        int length = 1;
        for (var word : words) {
            for (int id : word.ids()) {
                if (length <= room) {
                    ids[length++] = id;
                }
            }
        }
        ids[length++] = special.end();
        var pieces = new ArrayList<String>();
        for (int i = 0; i < length; i++) {
            pieces.add(vocabulary.piece((int) ids[i]));
        }
        return new Encoding(ids, count + 2, List.copyOf(pieces), words, this);
    }

    /** The words of a text in order, with the ids of their pieces. */
    List<Encoding.Word> words(String text) {
        var words = new ArrayList<Encoding.Word>();
        // Some special tokens are looked for in the text as it is, others in the normalised one.
        for (var raw : special.splitRaw(text)) {
            if (raw.id() != null) {
                words.add(new Encoding.Word(raw.text(), List.of(raw.id())));
                continue;
            }
            for (var part : special.splitNormalized(normalized(raw.text()))) {
                @Nullable Integer id = part.id();
                if (id != null) {
                    words.add(new Encoding.Word(part.text(), List.of(id)));
                } else {
                    addWords(part.text(), words);
                }
            }
        }
        return List.copyOf(words);
    }

    private void addWords(String text, List<Encoding.Word> words) {
        var word = WORD.matcher(text);
        while (word.find()) {
            var part = PART.matcher(word.group());
            while (part.find()) {
                var ids = Arrays.stream(pairs.encode(part.group())).boxed().toList();
                words.add(new Encoding.Word(part.group(), ids));
            }
        }
    }

    /** Composes, reduces white space and lower-cases a text. */
    static String normalized(String text) {
        String spaced =
                SPACE.matcher(Normalizer.normalize(text, Normalizer.Form.NFC)).replaceAll(" ");
        var lower = new StringBuilder(spaced.length());
        // One character at a time: the end of a word would make a Σ another letter.
        spaced.codePoints().forEach(c -> lower.append(Character.toString(c).toLowerCase(Locale.ROOT)));
        return lower.toString();
    }
}
