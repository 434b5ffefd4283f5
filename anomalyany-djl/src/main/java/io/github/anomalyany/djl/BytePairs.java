// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding of single words. A word's UTF-8 bytes are written as one printable character each, the last one
 * marked as the end of the word; then the pair of neighbours that was learnt first is merged, until no pair is known.
 */
final class BytePairs {
    /** Marks the last piece of a word. */
    static final String END_OF_WORD = "</w>";

    private static final char[] BYTE_CHARACTERS = byteCharacters();

    private final Map<String, Integer> vocabulary;
    private final Map<Long, Merge> merges = new HashMap<>();
    private final int unknown;

    /**
     * Creates an encoder that knows no merges yet.
     *
     * @param vocabulary ids by piece
     * @param unknown the id of characters that the vocabulary lacks
     */
    BytePairs(Map<String, Integer> vocabulary, int unknown) {
        this.vocabulary = vocabulary;
        this.unknown = unknown;
    }

    private record Merge(int rank, int merged) {}

    /** A pair that may be merged; pairs are taken by rank, equal ones from left to right. */
    private record Candidate(int rank, int position, int merged) implements Comparable<Candidate> {
        @Override
        public int compareTo(Candidate other) {
            return rank != other.rank ? Integer.compare(rank, other.rank) : Integer.compare(position, other.position);
        }
    }

    /** Adds the next merge; false if the pair is known already. All three ids are of the vocabulary. */
    boolean addMerge(int left, int right, int merged) {
        return merges.putIfAbsent(key(left, right), new Merge(merges.size(), merged)) == null;
    }

    /** The ids of one word. */
    int[] encode(String word) {
        return new Word(symbols(word)).merge();
    }

    private int[] symbols(String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        var symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            String piece = String.valueOf(BYTE_CHARACTERS[bytes[i] & 0xff]);
            symbols[i] = vocabulary.getOrDefault(i == bytes.length - 1 ? piece + END_OF_WORD : piece, unknown);
        }
        return symbols;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }

    /** The symbols of one word as a linked list, so that a long word takes no quadratic time. */
    private final class Word {
        private static final int GONE = -1;

        private final int[] symbols;
        private final int[] previous;
        private final int[] next;
        private final PriorityQueue<Candidate> candidates = new PriorityQueue<>();

        Word(int[] symbols) {
            this.symbols = symbols;
            previous = new int[symbols.length];
            next = new int[symbols.length];
            for (int i = 0; i < symbols.length; i++) {
                previous[i] = i - 1;
                next[i] = i + 1;
            }
            for (int i = 0; i < symbols.length; i++) {
                propose(i);
            }
        }

        int[] merge() {
            for (var top = candidates.poll(); top != null; top = candidates.poll()) {
                @Nullable Merge merge = pairAt(top.position());
                // A neighbour may have been merged since; then a newer candidate stands for the place.
                if (merge != null && merge.merged() == top.merged()) {
                    apply(top);
                }
            }
            return Arrays.stream(symbols).filter(symbol -> symbol != GONE).toArray();
        }

        private void apply(Candidate pair) {
            int at = pair.position();
            int right = next[at];
            symbols[at] = pair.merged();
            symbols[right] = GONE;
            next[at] = next[right];
            if (next[at] < symbols.length) {
                previous[next[at]] = at;
            }
            propose(at);
            if (previous[at] >= 0) {
                propose(previous[at]);
            }
        }

        private void propose(int at) {
            @Nullable Merge merge = pairAt(at);
            if (merge != null) {
                candidates.add(new Candidate(merge.rank(), at, merge.merged()));
            }
        }

        private @Nullable Merge pairAt(int at) {
            return symbols[at] == GONE || next[at] >= symbols.length
                    ? null
                    : merges.get(key(symbols[at], symbols[next[at]]));
        }
    }

    /** The characters that stand for bytes in the order of OpenAI's vocabulary: printable bytes first. */
    static List<String> bytesInOrder() {
        return IntStream.concat(
                        IntStream.range(0, 256).filter(b -> BYTE_CHARACTERS[b] == b),
                        IntStream.range(0, 256).filter(b -> BYTE_CHARACTERS[b] != b))
                .mapToObj(b -> String.valueOf(BYTE_CHARACTERS[b]))
                .toList();
    }

    /** Printable bytes stand for themselves, the others for the characters from 256 on. */
    private static char[] byteCharacters() {
        var characters = new char[256];
        int others = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xa1 && b != 0xad);
            characters[b] = (char) (printable ? b : others++);
        }
        return characters;
    }
}
