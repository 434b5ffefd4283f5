// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.examples;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the pictures of an ablation came to, and statistics of it.
 *
 * @param all one for each variant and case
 */
record Measurements(List<Measurement> all) {
    Measurements {
        all = List.copyOf(all);
    }

    Measurements where(Predicate<Measurement> condition) {
        return new Measurements(all.stream().filter(condition).toList());
    }

    Measurements of(AblationVariant variant) {
        return where(m -> m.variant() == variant);
    }

    Estimate mean(ToDoubleFunction<Measurement> measure) {
        return Estimate.of(all.stream().mapToDouble(measure).toArray());
    }

    /** Share of the pictures that meet a condition. */
    Estimate share(Predicate<Measurement> condition) {
        return mean(m -> condition.test(m) ? 1 : 0);
    }

    /** Mean of a variant's pictures as a multiple of that of the plain ones. */
    double timesPlain(AblationVariant variant, ToDoubleFunction<Measurement> measure) {
        return of(variant).mean(measure).mean()
                / of(AblationVariant.PLAIN).mean(measure).mean();
    }

    /** How much larger a number is in one variant's picture than in another's of the same case. */
    Estimate difference(AblationVariant variant, AblationVariant base, ToDoubleFunction<Measurement> measure) {
        var before = of(base).all.stream().collect(Collectors.toMap(Measurement::made, Function.identity()));
        return Estimate.of(of(variant).all.stream()
                .filter(m -> before.containsKey(m.made()))
                .mapToDouble(m -> measure.applyAsDouble(m) - measure.applyAsDouble(before.get(m.made())))
                .toArray());
    }
}
