// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.spi;

import io.github.anomalyany.ProviderNotFoundException;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** Has a model without a download; found by {@link ServiceLoader}. To be implemented by artifacts that carry a model. */
public interface BuiltInModelProvider {
    /**
     * The model's folder, written to disk if need be.
     *
     * @return a folder in the diffusers layout, with a CLIP model in its folder {@code clip}
     * @throws io.github.anomalyany.ModelLoadException if it can't be written
     */
    Path directory();

    /**
     * The first provider there is. Looks with this library's own class loader first, then with the thread's context class
     * loader.
     *
     * @return the provider
     * @throws ProviderNotFoundException if there is none
     */
    static BuiltInModelProvider find() {
        return Providers.of(BuiltInModelProvider.class)
                .findFirst()
                .orElseThrow(() -> new ProviderNotFoundException(
                        "no built-in model on the class path: add io.github.anomalyany:anomalyany-tiny"));
    }
}
