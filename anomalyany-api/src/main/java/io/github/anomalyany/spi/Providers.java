// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.spi;

import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Implementations on the class path: those that this library's own class loader sees, then those of the thread's context class loader. */
final class Providers {
    private Providers() {}

    /** Loads them as the stream is read. One that both loaders see comes twice. */
    static <T> Stream<T> of(Class<T> kind) {
        return Stream.of(
                        Providers.class.getClassLoader(), Thread.currentThread().getContextClassLoader())
                .flatMap(loader -> ServiceLoader.load(kind, loader).stream())
                .map(ServiceLoader.Provider::get);
    }
}
