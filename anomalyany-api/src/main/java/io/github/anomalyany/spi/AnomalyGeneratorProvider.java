// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.spi;

import io.github.anomalyany.AnomalyGenerator;
import io.github.anomalyany.ProviderNotFoundException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Makes generators; found by {@link ServiceLoader}. To be implemented by engines; applications use
 * {@link AnomalyGenerator#builder()}.
 */
public interface AnomalyGeneratorProvider {
    /** System property that names the provider to use where several are on the class path. */
    String PROPERTY = "anomalyany.provider";

    /**
     * Name for {@value #PROPERTY} and for messages.
     *
     * @return a short name, as {@code "stable-diffusion"}
     */
    String name();

    /**
     * Loads a model.
     *
     * @param config what to load and where
     * @return a generator, to be closed by the caller
     */
    AnomalyGenerator create(GeneratorConfig config);

    /**
     * The one provider there is, or the one that the property {@value #PROPERTY} names. Looks with this library's own
     * class loader first, then with the thread's context class loader.
     *
     * @return the provider
     * @throws ProviderNotFoundException if there is none, or several and none is named
     */
    static AnomalyGeneratorProvider find() {
        Map<String, AnomalyGeneratorProvider> found = new LinkedHashMap<>();
        Providers.of(AnomalyGeneratorProvider.class).forEach(provider -> found.putIfAbsent(provider.name(), provider));
        String wanted = System.getProperty(PROPERTY);
        if (wanted != null) {
            AnomalyGeneratorProvider named = found.get(wanted);
            if (named == null) {
                throw new ProviderNotFoundException("-D%s=%s names no generator on the class path; there are %s"
                        .formatted(PROPERTY, wanted, found.keySet()));
            }
            return named;
        }
        if (found.isEmpty()) {
            throw new ProviderNotFoundException(
                    "no anomaly generator on the class path: add io.github.anomalyany:anomalyany-sd"
                            + " (with ai.djl.pytorch:pytorch-native-cpu for your platform)");
        }
        if (found.size() > 1) {
            throw new ProviderNotFoundException(
                    "several anomaly generators on the class path: %s; choose one with -D%s=NAME"
                            .formatted(found.keySet(), PROPERTY));
        }
        return found.values().iterator().next();
    }
}
