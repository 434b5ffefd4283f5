// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.eval;

import java.util.List;
import java.util.Locale;

/**
 * A number over several seeds.
 *
 * @param mean the mean; NaN if a value is
 * @param deviation the sample standard deviation, with n − 1; NaN of one value, or if a value is
 * @param values one for each seed, in the seeds' order
 */
public record Spread(double mean, double deviation, List<Double> values) {
    /**
     * Copies the list.
     *
     * @param mean the mean
     * @param deviation the sample standard deviation
     * @param values one for each seed
     */
    public Spread {
        values = List.copyOf(values);
    }

    static Spread of(List<Double> values) {
        int n = values.size();
        double mean = values.stream().mapToDouble(v -> v).sum() / n;
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return new Spread(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1)), values);
    }

    /** In percent, as {@code 94.9±0.4}, {@code 94.9} without a deviation, {@code n/a} without a mean. */
    String text() {
        if (Double.isNaN(mean)) {
            return "n/a";
        }
        return percent(mean) + (Double.isNaN(deviation) ? "" : "±" + percent(deviation));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.1f", 100 * value);
    }
}
