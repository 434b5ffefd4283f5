// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.testing;

import io.github.anomalyany.GeneratedAnomaly;
import io.github.anomalyany.GenerationResult;
import java.util.List;
import org.assertj.core.api.AbstractAssert;

/** Assertions about what a request came to. */
public final class GenerationResultAssert extends AbstractAssert<GenerationResultAssert, GenerationResult> {
    GenerationResultAssert(GenerationResult actual) {
        super(actual, GenerationResultAssert.class);
    }

    /**
     * So many pictures were accepted.
     *
     * @param count 0 or more
     * @return this
     */
    public GenerationResultAssert hasAccepted(int count) {
        isNotNull();
        return check("accepted", actual.accepted(), count);
    }

    /**
     * So many pictures were rejected.
     *
     * @param count 0 or more
     * @return this
     */
    public GenerationResultAssert hasRejected(int count) {
        isNotNull();
        return check("rejected", actual.rejected(), count);
    }

    private GenerationResultAssert check(String kind, List<GeneratedAnomaly> pictures, int count) {
        if (pictures.size() != count) {
            failWithMessage(
                    "expected %d %s pictures but there are %d; the reasons against rejected ones are %s",
                    count,
                    kind,
                    pictures.size(),
                    actual.rejected().stream()
                            .map(made -> made.verdict().reasons())
                            .toList());
        }
        return this;
    }
}
