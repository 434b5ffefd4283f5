// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.tiny;

import io.github.anomalyany.AnomalyAnyException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where files that can be made again are kept, if nobody says where. */
final class CacheLocation {
    static final String PROPERTY = "anomalyany.cache";
    static final String VARIABLE = "ANOMALYANY_CACHE";

    private static final String NAME = "anomalyany";

    private final Function<String, @Nullable String> properties;
    private final Function<String, @Nullable String> environment;

    CacheLocation(Function<String, @Nullable String> properties, Function<String, @Nullable String> environment) {
        this.properties = properties;
        this.environment = environment;
    }

    static Path ofThisJvm() {
        return new CacheLocation(System::getProperty, System::getenv).find();
    }

    Path find() {
        return value(properties, PROPERTY)
                .or(() -> value(environment, VARIABLE))
                .map(Path::of)
                // The XDG specification has relative paths ignored.
                .or(() -> value(environment, "XDG_CACHE_HOME")
                        .map(Path::of)
                        .filter(Path::isAbsolute)
                        .map(folder -> folder.resolve(NAME)))
                .orElseGet(this::customary);
    }

    private Path customary() {
        var system = value(properties, "os.name").orElse("").toLowerCase(Locale.ROOT);
        if (system.startsWith("windows")) {
            var local = value(environment, "LOCALAPPDATA");
            if (local.isPresent()) {
                return Path.of(local.get(), NAME);
            }
        }
        return home().resolve(system.startsWith("mac") ? Path.of("Library", "Caches", NAME) : Path.of(".cache", NAME));
    }

    private Path home() {
        // In a container whose user has no entry in the list of users, Java says "?".
        return value(properties, "user.home")
                .filter(home -> Path.of(home).isAbsolute())
                .map(Path::of)
                .orElseThrow(() -> new AnomalyAnyException(
                        "the home folder is unknown (user.home is %s); name a folder for the built-in model with -D%s=FOLDER or the environment variable %s"
                                .formatted(properties.apply("user.home"), PROPERTY, VARIABLE)));
    }

    private static Optional<String> value(Function<String, @Nullable String> from, String name) {
        return Optional.ofNullable(from.apply(name)).filter(value -> !value.isBlank());
    }
}
