// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

/**
 * Which reference tokens a bank keeps (spec §4.5–4.6). Implementations are immutable and safe for many threads; equal
 * arguments give equal choices.
 */
public interface BankSelection {
    /**
     * One line for provenance.
     *
     * @return as {@code "all"}
     */
    String description();

    /**
     * Chooses tokens of one stage.
     *
     * @param tokens rows of length 1, one token after the other; not to be changed
     * @param count number of tokens, at least 1
     * @param width width of a token
     * @param seed for random choices
     * @return indices of the tokens to keep, different ones, at least one
     */
    int[] select(float[] tokens, int count, int width, long seed);

    /**
     * The most tokens that a choice can leave, for estimates.
     *
     * @param count number of tokens
     * @return at most {@code count}
     */
    long upTo(long count);

    /**
     * Keeps every token.
     *
     * @return the selection
     */
    static BankSelection all() {
        return new AllTokens();
    }

    /**
     * Keeps a coreset once there are more tokens than a limit: greedy k-centre on a Gaussian random projection to 128
     * dimensions where tokens are wider, as PatchCore's (Roth et al., CVPR 2022, §3.2), of a random sample of at most four times the limit.
     *
     * @param maxTokens tokens a stage, 1 to 1,048,576; 65,536 in the presets
     * @return the selection
     * @throws IllegalArgumentException if the limit is out of range
     */
    static BankSelection coreset(int maxTokens) {
        return new Coreset(maxTokens);
    }
}
