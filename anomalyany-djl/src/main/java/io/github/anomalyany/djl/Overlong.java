// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.djl;

/** What to do with a text of more tokens than fit. */
public enum Overlong {
    /** Throw an exception that tells how many tokens there are and how many fit. */
    REFUSE,
    /** Drop the tokens that don't fit, from the end; the end token follows the last one kept. */
    TRUNCATE
}
