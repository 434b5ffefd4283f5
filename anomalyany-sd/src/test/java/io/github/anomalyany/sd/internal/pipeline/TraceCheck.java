// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.sd.internal.pipeline;

import io.github.anomalyany.golden.JsonReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares numbers with recorded ones within one column of the traces' tolerances; collects what differs. */
final class TraceCheck {
    private final Map<String, Object> tolerances;
    private final List<String> mismatches = new ArrayList<>();
    private int compared;

    private TraceCheck(Map<String, Object> tolerances) {
        this.tolerances = tolerances;
    }

    /** The column for a run that was left to itself, or for steps that each start from the recorded state. */
    static TraceCheck of(Path folder, boolean fromRecordedStates) {
        var all = JsonReader.asObject(
                JsonReader.object(folder.resolve("index.json")).get("tolerances"));
        return new TraceCheck(
                JsonReader.asObject(all.get(fromRecordedStates ? "led_back_after_every_step" : "free_running")));
    }

    /** Compares one number. */
    void number(String quantity, String where, double ours, double theirs) {
        array(quantity, where, new double[] {ours}, new double[] {theirs});
    }

    /** Compares arrays by their largest difference and, where there is a tolerance for it, the relative L2 distance. */
    void array(String quantity, String where, float[] ours, float[] theirs) {
        array(quantity, where, widened(ours), widened(theirs));
    }

    /** As {@link #array(String, String, float[], float[])}. */
    void array(String quantity, String where, double[] ours, float[] theirs) {
        array(quantity, where, ours, widened(theirs));
    }

    private void array(String quantity, String where, double[] ours, double[] theirs) {
        compared++;
        var row = JsonReader.asObject(tolerances.get(quantity));
        if (ours.length != theirs.length) {
            mismatches.add("%s %s: %d values, recorded %d".formatted(quantity, where, ours.length, theirs.length));
            return;
        }
        double largest = 0;
        double squares = 0;
        double theirSquares = 0;
        for (int i = 0; i < ours.length; i++) {
            double d = Math.abs(ours[i] - theirs[i]);
            largest = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(largest, d);
            squares += d * d;
            theirSquares += theirs[i] * theirs[i];
        }
        demand(quantity, where, "max abs", largest, row.get("tolerance_max_abs"));
        if (theirSquares > 0) {
            demand(quantity, where, "relative L2", Math.sqrt(squares / theirSquares), row.get("tolerance_rel_l2"));
        } else {
            exact(quantity + " (recorded as zero)", where, largest, 0.0);
        }
    }

    private void demand(
            String quantity,
            String where,
            String kind,
            double found,
            @org.jspecify.annotations.Nullable Object allowed) {
        if (allowed instanceof Number limit && !(found <= limit.doubleValue())) {
            mismatches.add("%s %s: %s %.3g, allowed %s".formatted(quantity, where, kind, found, limit));
        }
    }

    /** Demands equality. */
    void exact(String quantity, String where, Object ours, Object theirs) {
        compared++;
        if (!ours.equals(theirs)) {
            mismatches.add("%s %s: %s, recorded %s".formatted(quantity, where, ours, theirs));
        }
    }

    private static double[] widened(float[] values) {
        var wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Fails with all mismatches, and if fewer comparisons were made than a real check makes. */
    void finish(int least) {
        if (compared < least) {
            mismatches.add("only %d comparisons were made, expected at least %d".formatted(compared, least));
        }
        if (!mismatches.isEmpty()) {
            throw new AssertionError(
                    mismatches.size() + " of " + compared + " differ:\n  " + String.join("\n  ", mismatches));
        }
    }
}
