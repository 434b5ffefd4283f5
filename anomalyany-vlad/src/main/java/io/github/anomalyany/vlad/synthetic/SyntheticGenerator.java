// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad.synthetic;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.GenerationRequest;
import io.github.anomalyany.GenerationResult;
import io.github.anomalyany.RunControl;

/** Makes pictures one after the other with a method that needs no model. */
final class SyntheticGenerator implements AnomalyGenerator {
    private final SyntheticMethod method;
    private volatile boolean closed;

    SyntheticGenerator(SyntheticMethod method) {
        this.method = method;
    }

    @Override
    public GenerationResult generate(GenerationRequest request, RunControl control) {
        checkOpen();
        return new SyntheticRun(method, request, control, this::checkOpen).make();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("generator is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
