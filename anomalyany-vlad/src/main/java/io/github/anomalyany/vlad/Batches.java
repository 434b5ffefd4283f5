// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.vlad;

import com.google.common.collect.Iterators;
import com.google.common.collect.Streams;
import java.util.List;
import java.util.stream.Stream;

/** Cuts streams into lists. */
final class Batches {
    private Batches() {}

    static <T> Stream<List<T>> of(Stream<T> elements, int size) {
        return Streams.stream(Iterators.partition(elements.iterator(), size)).onClose(elements::close);
    }
}
