// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mean and how sure it is.
 *
 * @param mean the mean, NaN of no values
 * @param error its standard error: the values' standard deviation over √n; NaN of fewer than two values
 */
record Estimate(double mean, double error) {
    /** From how many standard errors on a mean counts as different from 0. */
    private static final double CLEAR = 2;

    static Estimate of(double... values) {
        double mean = Arrays.stream(values).average().orElse(Double.NaN);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        int n = values.length;
        return new Estimate(mean, n < 2 ? Double.NaN : Math.sqrt(squares / (n - 1) / n));
    }

    /** Whether the mean differs from 0 by more than two standard errors; never so of fewer than two values. */
    boolean isClear() {
        return Math.abs(mean) > CLEAR * error;
    }

    /** As {@code 0.412 ± 0.021}, without the error where there is none. */
    String format(int digits) {
        return number(mean, digits, "") + errorText(digits);
    }

    /** The same with a sign. */
    String formatSigned(int digits) {
        return number(mean, digits, "+") + errorText(digits);
    }

    private String errorText(int digits) {
        return Double.isNaN(error) ? "" : " ± " + number(error, digits, "");
    }

    private static String number(double value, int digits, String flags) {
        var text = String.format(Locale.ROOT, "%" + flags + "." + digits + "f", value);
        // no signs of what is 0 once rounded
        return text.matches("[-+][0.]+") ? text.substring(1) : text;
    }
}
