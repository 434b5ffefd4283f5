// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.util.ArrayList;
import java.util.List;

/** A text as CLIP's text tower takes it: token ids of a fixed number, with the words that they came from. Immutable. */
public final class Encoding {
    private final long[] ids;
    private final int length;
    private final List<String> pieces;
    private final List<Word> words;
    private final ClipTokenizer tokenizer;

    Encoding(long[] ids, int length, List<String> pieces, List<Word> words, ClipTokenizer tokenizer) {
        this.ids = ids;
        this.length = length;
        this.pieces = pieces;
        this.words = words;
        this.tokenizer = tokenizer;
    }

    /** A word or special token of the text: its normalised text, the ids of its pieces. */
    record Word(String text, List<Integer> ids) {}

    /**
     * The token ids: start token, text, end token, padding.
     *
     * @return a copy, as long as the context of the text tower
     */
    public long[] ids() {
        return ids.clone();
    }

    /**
     * The number of tokens of the whole text with start and end token, before anything was cut off.
     *
     * @return the number, larger than that of {@link #ids()} if the text was truncated
     */
    public int length() {
        return length;
    }

    /**
     * Tells whether the text was truncated.
     *
     * @return true if tokens were dropped
     */
    public boolean isTruncated() {
        return length > ids.length;
    }

    /**
     * The tokens as the vocabulary spells them, without padding. The last piece of each word ends in {@code </w>}.
     *
     * @return an immutable list; its index is the position in {@link #ids()}
     */
    public List<String> pieces() {
        return pieces;
    }

    /**
     * Finds a word in the text, whatever its case.
     *
     * @param word a word, or several words that follow each other; part of a word is not found
     * @return for each occurrence in the order of the text the positions in {@link #ids()} of all its pieces, none empty
     * @throws IllegalArgumentException if the text does not contain it, or only in the part that was cut off; the
     *     message lists the words that there are
     */
    public List<List<Integer>> spansOf(String word) {
        var wanted = tokenizer.words(word);
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("the word to look for is blank; the prompt's words are " + wordList());
        }
        int positions = pieces.size() - 1;
        int start = 1;
        boolean cutOff = false;
        var spans = new ArrayList<List<Integer>>();
        for (int i = 0; i + wanted.size() <= words.size(); i++) {
            if (words.subList(i, i + wanted.size()).equals(wanted)) {
                var span = span(start, wanted);
                if (span.get(span.size() - 1) < positions) {
                    spans.add(span);
                } else {
                    cutOff = true;
                }
            }
            start += words.get(i).ids().size();
        }
        if (spans.isEmpty()) {
            throw new IllegalArgumentException("\"" + word + "\" "
                    + (cutOff ? "is in the part of the prompt that was cut off" : "is not in the prompt")
                    + "; the prompt's words are " + wordList());
        }
        return List.copyOf(spans);
    }

    private static List<Integer> span(int start, List<Word> wanted) {
        int pieces = wanted.stream().mapToInt(word -> word.ids().size()).sum();
        var span = new ArrayList<Integer>(pieces);
        for (int i = 0; i < pieces; i++) {
            span.add(start + i);
        }
        return List.copyOf(span);
    }

    private String wordList() {
        return words.stream().limit(ids.length).map(Word::text).toList().toString();
    }
}
