// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.golden;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/**
 * Compares our outputs with those of one golden: {@code max|ours − golden| ≤ atol}, no relative part. Collects mismatches so
 * that a run shows all of them, and remembers what was compared.
 */
public final class GoldenCheck {
    private final GoldenFile golden;
    private final Set<String> compared = new TreeSet<>();
    private final List<String> mismatches = new ArrayList<>();

    GoldenCheck(GoldenFile golden) {
        this.golden = golden;
    }

    /**
     * Compares an output.
     *
     * @param output name without {@code out.}
     * @param ours row-major
     * @param shape the shape of ours; leave it out to compare the number of values only
     */
    public void compare(String output, float[] ours, int... shape) {
        compare(output, ours.length, i -> ours[i], shape);
    }

    /** As {@link #compare(String, float[], int...)}. */
    public void compare(String output, double[] ours, int... shape) {
        compare(output, ours.length, i -> ours[i], shape);
    }

    /** As {@link #compare(String, float[], int...)}; integers up to 2⁵³. */
    public void compare(String output, long[] ours, int... shape) {
        compare(output, ours.length, i -> ours[i], shape);
    }

    /** As {@link #compare(String, float[], int...)}. */
    public void compare(String output, int[] ours, int... shape) {
        compare(output, ours.length, i -> ours[i], shape);
    }

    /** As {@link #compare(String, float[], int...)}; bytes are unsigned. */
    public void compare(String output, byte[] ours, int... shape) {
        compare(output, ours.length, i -> ours[i] & 0xff, shape);
    }

    /** Compares an output that is one number. */
    public void compare(String output, double ours) {
        compare(output, 1, i -> ours);
    }

    private void compare(String output, int length, IntToDoubleFunction ours, int... shape) {
        GoldenTensor theirs = golden.out(output);
        compared.add(output);
        if (length != theirs.size() || (shape.length > 0 && !Arrays.equals(shape, theirs.shape()))) {
            String form = shape.length > 0 ? Arrays.toString(shape) : length + " values";
            mismatches.add("%s: ours has %s, the golden is %s".formatted(output, form, theirs));
            return;
        }
        double atol = golden.tolerance(output);
        int worst = -1;
        double distance = 0;
        for (int i = 0; i < length; i++) {
            double d = distance(ours.applyAsDouble(i), theirs.at(i));
            if (worst < 0 || d > distance) {
                worst = i;
                distance = d;
            }
        }
        if (worst >= 0 && !(distance <= atol)) {
            mismatches.add("%s: off by %.3g at %s (ours %s, golden %s), allowed %.3g"
                    .formatted(
                            output,
                            distance,
                            position(worst, theirs.shape()),
                            ours.applyAsDouble(worst),
                            theirs.at(worst),
                            atol));
        }
    }

    /** NaN equals NaN only, an infinity equals itself only. */
    private static double distance(double ours, double theirs) {
        if (ours == theirs || (Double.isNaN(ours) && Double.isNaN(theirs))) {
            return 0;
        }
        double d = Math.abs(ours - theirs);
        return Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
    }

    private static String position(int index, int[] shape) {
        int[] at = new int[shape.length];
        for (int d = shape.length - 1; d >= 0; d--) {
            at[d] = index % shape[d];
            index /= shape[d];
        }
        return Arrays.toString(at);
    }

    String report() {
        return mismatches.isEmpty() ? "" : "\n  " + String.join("\n  ", mismatches);
    }

    void finish() {
        for (String output : golden.outputs()) {
            if (!compared.contains(output)) {
                mismatches.add(output + ": no test compared it");
            }
        }
        if (!mismatches.isEmpty()) {
            throw new AssertionError(golden.name() + " differs:" + report());
        }
    }
}
