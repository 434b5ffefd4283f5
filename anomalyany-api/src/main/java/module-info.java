// SPDX-License-Identifier: Apache-2.0
import io.github.anomalyany.spi.AnomalyGeneratorProvider;
import io.github.anomalyany.spi.BuiltInModelProvider;

/** The public interface of AnomalyAny for Java and the mathematics of the method; free of engine types. */
@SuppressWarnings("module") // the modules of the qualified exports are compiled after this one
module io.github.anomalyany.api {
    requires transitive java.desktop;
    requires static transitive org.jspecify;

    exports io.github.anomalyany;
    exports io.github.anomalyany.image;
    exports io.github.anomalyany.noise;
    exports io.github.anomalyany.prompt;
    exports io.github.anomalyany.strategy;
    exports io.github.anomalyany.spi;
    exports io.github.anomalyany.internal.image to
            io.github.anomalyany.djl,
            io.github.anomalyany.sd,
            io.github.anomalyany.vlad;
    exports io.github.anomalyany.internal.json to
            io.github.anomalyany.vlad;

    uses AnomalyGeneratorProvider;
    uses BuiltInModelProvider;
}
