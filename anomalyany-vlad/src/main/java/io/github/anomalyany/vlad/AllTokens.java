// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.stream.IntStream;

/** Keeps every token. */
record AllTokens() implements BankSelection {
    @Override
    public String description() {
        return "all";
    }

    @Override
    public int[] select(float[] tokens, int count, int width, long seed) {
        return IntStream.range(0, count).toArray();
    }

    @Override
    public long upTo(long count) {
        return count;
    }
}
