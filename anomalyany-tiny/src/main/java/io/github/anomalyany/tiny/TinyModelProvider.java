// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import io.github.anomalyany.spi.BuiltInModelProvider;
import java.nio.file.Path;

/** Gives the built-in model to those who look for one; applications use {@link TinyModels}. */
public final class TinyModelProvider implements BuiltInModelProvider {
    /** For {@link java.util.ServiceLoader}. */
    public TinyModelProvider() {}

    @Override
    public Path directory() {
        return TinyModels.directory();
    }
}
