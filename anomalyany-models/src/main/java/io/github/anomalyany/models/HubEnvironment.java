// SPDX-License-Identifier: Apache-2.0
package io.github.anomalyany.models;

import io.github.anomalyany.AnomalyAnyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the environment says about the Hub, read as huggingface_hub reads it, so that both share cache and token. */
final class HubEnvironment {
    static final String OFFLINE = "HF_HUB_OFFLINE";

    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{[^}]*})");

    private final Function<String, @Nullable String> variables;
    private final Function<String, @Nullable String> properties;

    HubEnvironment(Function<String, @Nullable String> variables, Function<String, @Nullable String> properties) {
        this.variables = variables;
        this.properties = properties;
    }

    static HubEnvironment ofThisJvm() {
        return new HubEnvironment(System::getenv, System::getProperty);
    }

    /** The folder with a folder for each repository. */
    Path cache() {
        return path("HF_HUB_CACHE")
                .or(() -> path("HUGGINGFACE_HUB_CACHE"))
                .orElseGet(() -> hubHome().resolve("hub"));
    }

    String endpoint() {
        return value("HF_ENDPOINT").orElse("https://huggingface.co");
    }

    Optional<String> offline() {
        return value(OFFLINE).filter(value -> TRUE.contains(value.toUpperCase(Locale.ROOT)));
    }

    /** The token of the variable, or of the file where {@code hf auth login} leaves it. */
    Optional<String> token() throws IOException {
        var named = value("HF_TOKEN");
        if (named.isPresent()) {
            return named;
        }
        Path file = path("HF_TOKEN_PATH").orElseGet(() -> hubHome().resolve("token"));
        return Files.isRegularFile(file)
                ? Optional.of(Files.readString(file).strip()).filter(token -> !token.isEmpty())
                : Optional.empty();
    }

    private Path hubHome() {
        return path("HF_HOME")
                .or(() -> path("XDG_CACHE_HOME").map(folder -> folder.resolve("huggingface")))
                .orElseGet(() -> home().resolve(".cache").resolve("huggingface"));
    }

    private Path home() {
        var system = Optional.ofNullable(properties.apply("os.name")).orElse("").toLowerCase(Locale.ROOT);
        return value(system.startsWith("windows") ? "USERPROFILE" : "HOME")
                // In a container whose user has no entry in the list of users, Java says "?".
                .or(() -> Optional.ofNullable(properties.apply("user.home"))
                        .filter(home -> Path.of(home).isAbsolute()))
                .map(Path::of)
                .orElseThrow(() -> new AnomalyAnyException(
                        "the home folder is unknown (user.home is %s); name the folder of the model cache with the environment variable HF_HOME or ModelStore.builder().cache(...)"
                                .formatted(properties.apply("user.home"))));
    }

    private Optional<Path> path(String variable) {
        return value(variable).map(this::expanded);
    }

    private Path expanded(String text) {
        if (text.equals("~")) {
            return home();
        }
        var path = text.startsWith("~/") ? home() + text.substring(1) : text;
        return Path.of(VARIABLE.matcher(path)
                .replaceAll(found -> Matcher.quoteReplacement(
                        value(found.group(1).replaceAll("[{}]", "")).orElse(found.group()))));
    }

    private Optional<String> value(String variable) {
        return Optional.ofNullable(variables.apply(variable)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
