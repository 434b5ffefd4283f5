// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Greedy k-centre on a random projection, which narrow tokens do without. */
record Coreset(int maxTokens) implements BankSelection {
    private static final int DIMENSIONS = 128;
    private static final int CANDIDATES = 4;

    Coreset {
        Arguments.range("maxTokens", maxTokens, 1, 1 << 20);
    }

    @Override
    public String description() {
        return "coreset(" + maxTokens + ")";
    }

    @Override
    public long upTo(long count) {
        return Math.min(count, maxTokens);
    }

    @Override
    public int[] select(float[] tokens, int count, int width, long seed) {
        if (count <= maxTokens) {
            return IntStream.range(0, count).toArray();
        }
        var random = new SplittableRandom(seed);
        int[] candidates = sample(count, Math.min(count, CANDIDATES * maxTokens), random);
        float[] points = projected(tokens, candidates, width, random);
        int[] centres = centres(points, candidates.length, random.nextInt(candidates.length));
        for (int i = 0; i < centres.length; i++) {
            centres[i] = candidates[centres[i]];
        }
        Arrays.sort(centres);
        return centres;
    }

    /** The first of a random permutation, in ascending order. */
    private static int[] sample(int count, int wanted, SplittableRandom random) {
        int[] all = IntStream.range(0, count).toArray();
        for (int i = 0; i < wanted; i++) {
            int other = i + random.nextInt(count - i);
            int swapped = all[i];
            all[i] = all[other];
            all[other] = swapped;
        }
        int[] chosen = Arrays.copyOf(all, wanted);
        Arrays.sort(chosen);
        return chosen;
    }

    private static float[] projected(float[] tokens, int[] candidates, int width, SplittableRandom random) {
        if (width <= DIMENSIONS) {
            return rows(tokens, candidates, width);
        }
        int dimensions = DIMENSIONS;
        float[][] directions = new float[dimensions][width];
        for (float[] direction : directions) {
            for (int i = 0; i < width; i++) {
                direction[i] = (float) (random.nextGaussian() / Math.sqrt(dimensions));
            }
        }
        float[] points = new float[candidates.length * dimensions];
        for (int c = 0; c < candidates.length; c++) {
            int at = candidates[c] * width;
            for (int d = 0; d < dimensions; d++) {
                float sum = 0;
                for (int i = 0; i < width; i++) {
                    sum += directions[d][i] * tokens[at + i];
                }
                points[c * dimensions + d] = sum;
            }
        }
        return points;
    }

    private static float[] rows(float[] tokens, int[] candidates, int width) {
        float[] points = new float[candidates.length * width];
        for (int c = 0; c < candidates.length; c++) {
            System.arraycopy(tokens, candidates[c] * width, points, c * width, width);
        }
        return points;
    }

    /** The start counts as the first centre; then always the point farthest from all centres. */
    private int[] centres(float[] points, int count, int start) {
        int dimensions = points.length / count;
        float[] nearest = new float[count];
        Arrays.fill(nearest, Float.POSITIVE_INFINITY);
        int[] centres = new int[maxTokens];
        int next = start;
        for (int k = 0; k < maxTokens; k++) {
            centres[k] = next;
            int farthest = 0;
            for (int i = 0; i < count; i++) {
                float distance = 0;
                for (int d = 0; d < dimensions; d++) {
                    float difference = points[i * dimensions + d] - points[next * dimensions + d];
                    distance += difference * difference;
                }
                nearest[i] = i == next ? Float.NEGATIVE_INFINITY : Math.min(nearest[i], distance);
                farthest = nearest[i] > nearest[farthest] ? i : farthest;
            }
            next = farthest;
        }
        return centres;
    }
}
